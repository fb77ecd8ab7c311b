import type { Part } from '../client/port.ts'
import { payloadOf } from '../client/port.ts'
import type { Context } from '../context.ts'
import type { Range } from '../parts/pieces.ts'
import type { S3Record } from '../records/record.ts'
import { damaged } from '../records/record.ts'

/**
 * All parts of the multipart upload of a record, also those that a stale holder left. A part that is too
 * short to stand between others is replaced by a longer one. None of its bytes are committed.
 *
 * @throws UploadError `damaged` when parts that the record names have changed
 */
export async function joinAll(context: Context, record: S3Record): Promise<Part[]> {
  const { bucket, plan } = context
  const { key, parts } = record
  const multipartId = record.multipart ?? ''
  const listed = new Map<number, Part>()
  for await (const part of bucket.listParts(key, multipartId)) listed.set(part.number, part)
  const isWhole = parts.every(({ number, etag, size }) => {
    const found = listed.get(number)
    return found?.etag === etag && found.size === size
  })
  // Without other parts there is no conflict.
  if (!isWhole || listed.size === parts.length) throw damaged()

  const kept = new Set(parts.map(({ number }) => number))
  const all = [...listed.values()].sort((a, b) => a.number - b.number)
  const last = all.at(-1)
  for (const [index, { number, size }] of all.entries()) {
    if (kept.has(number) || number === last?.number || size >= plan.smallestPart) continue
    const filler = payloadOf(new Uint8Array(plan.smallestPart))
    const etag = await bucket.uploadPart({ key, multipartId, number }, filler)
    all[index] = { number, etag, size: plan.smallestPart }
  }
  return all
}

/** The ranges of the committed bytes in the object that holds all parts. */
export function keptRanges({ key, parts }: S3Record, joined: readonly Part[]): Range[] {
  const kept = new Set(parts.map(({ number }) => number))
  const ranges: Range[] = []
  let at = 0
  for (const { number, size } of joined) {
    const last = ranges.at(-1)
    if (kept.has(number)) {
      if (last?.end === at) ranges[ranges.length - 1] = { ...last, end: at + size }
      else ranges.push({ key, start: at, end: at + size })
    }
    at += size
  }
  return ranges
}
