import type { Part } from '../client/port.ts'
import type { Context } from '../context.ts'
import { partBuffer } from '../parts/part-buffer.ts'
import type { Range } from '../parts/pieces.ts'
import { forEach, loadRanges } from '../parts/pieces.ts'
import type { PartPlan } from '../parts/plan.ts'

/** Bytes that the storage copies in one request. It may copy 5 GiB; smaller copies run side by side. */
const COPIED_AT_ONCE = 2 ** 30

/**
 * Divides ranges into the parts of one object. A part of one range is copied by the storage; what is too
 * short for a part is joined with the bytes behind it.
 */
export function planJoin(ranges: readonly Range[], plan: PartPlan): Range[][] {
  const total = ranges.reduce((sum, { start, end }) => sum + end - start, 0)
  const needed = Math.ceil(total / Math.max(1, plan.maxParts / 2))
  const smallest = plan.equalParts ? plan.partSize : Math.max(plan.smallestPart, needed)
  const largest = plan.equalParts ? plan.partSize : Math.max(COPIED_AT_ONCE, needed)
  const groups: Range[][] = []
  let group: Range[] = []
  let size = 0
  for (const range of ranges) {
    for (let start = range.start; start < range.end; ) {
      const most = size === 0 && range.end - start >= smallest ? largest : smallest - size
      const end = Math.min(range.end, start + most)
      group.push({ key: range.key, start, end })
      size += end - start
      start = end
      if (size < smallest) continue
      groups.push(group)
      group = []
      size = 0
    }
  }
  if (group.length > 0) groups.push(group)
  return groups
}

/** Makes the parts of a multipart upload out of bytes that objects of the bucket have. */
export async function joinParts(
  context: Context,
  target: { readonly key: string; readonly multipartId: string },
  groups: readonly (readonly Range[])[],
  firstNumber: number,
): Promise<Part[]> {
  const parts: Part[] = []
  await forEach(groups, async (ranges, index) => {
    const number = firstNumber + index
    const size = sizeOf(ranges)
    const etag = await joinPart(context, { ...target, number }, ranges, size)
    parts[index] = { number, etag, size }
  })
  return parts
}

async function joinPart(
  context: Context,
  target: { readonly key: string; readonly multipartId: string; readonly number: number },
  ranges: readonly Range[],
  size: number,
): Promise<string> {
  const [first] = ranges
  if (ranges.length === 1 && first !== undefined) return context.bucket.copyPart(target, first)
  return withLoaded(context, ranges, size, (payload) => context.bucket.uploadPart(target, payload))
}

/** Loads ranges into memory for as long as `use` needs them. */
export async function withLoaded<Result>(
  context: Context,
  ranges: readonly Range[],
  size: number,
  use: (payload: ReturnType<ReturnType<typeof partBuffer>['payload']>) => Promise<Result>,
): Promise<Result> {
  const buffer = partBuffer(context.memory, 0)
  buffer.addSlabs(await context.memory.take(size))
  buffer.skip(size)
  try {
    await loadRanges(context, ranges, (bytes, at) => buffer.fill(at, bytes))
    return await use(buffer.payload(0, size))
  } finally {
    buffer.dispose()
  }
}

export function sizeOf(ranges: readonly Range[]): number {
  return ranges.reduce((sum, { start, end }) => sum + end - start, 0)
}
