import type { Context } from '../context.ts'
import { damaged } from '../records/record.ts'
import type { Piece } from '../records/record.ts'

/** Objects that are read or removed at a time. */
const AT_ONCE = 8

/** Calls `work` for each item, a few at a time. */
export async function forEach<Item>(
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<void>,
): Promise<void> {
  let next = 0
  async function run(): Promise<void> {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index]
      if (item !== undefined) await work(item, index)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, run))
}

/** Bytes of an object. */
export interface Range {
  readonly key: string
  readonly start: number
  readonly end: number
}

/** Reads ranges, and hands out the bytes of each with their position among all of them. */
export async function loadRanges(
  { bucket }: Pick<Context, 'bucket'>,
  ranges: readonly Range[],
  take: (bytes: Uint8Array, at: number) => void,
): Promise<void> {
  const positions: number[] = []
  let total = 0
  for (const { start, end } of ranges) {
    positions.push(total)
    total += end - start
  }
  await forEach(ranges, async ({ key, start, end }, index) => {
    if (end === start) return
    const loaded = await bucket.load(key, [start, end - 1])
    if (loaded?.bytes.byteLength !== end - start) throw damaged()
    take(loaded.bytes, positions[index] ?? 0)
  })
}

/** Removes pieces that no record names any more. What fails is left to the sweep. */
export async function discard(
  { bucket }: Pick<Context, 'bucket'>,
  pieces: readonly Piece[],
): Promise<void> {
  await forEach(pieces, ({ key }) => bucket.remove(key).catch(() => {}))
}
