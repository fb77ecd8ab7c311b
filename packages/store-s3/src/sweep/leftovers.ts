import type { Context } from '../context.ts'

/** Milliseconds after which no process still sends bytes that no record names. */
const OLD = 24 * 60 * 60 * 1_000

/**
 * Removes multipart uploads and pieces of processes that died between two requests. They are below our
 * prefix, and no record has named them for a day.
 */
export async function removeLeftovers(context: Context): Promise<void> {
  await removePieces(context)
  await abortMultiparts(context)
}

async function removePieces({ bucket, records, keys }: Context): Promise<void> {
  for await (const { key, lastModified } of bucket.list(keys.tails)) {
    if (Date.now() - lastModified < OLD) continue
    const version = await records.look(keys.ownerOf(key))
    const isNamed = version?.record.tail.some((piece) => piece.key === key) === true
    if (!isNamed) await bucket.remove(key)
  }
}

async function abortMultiparts({ bucket, records, keys }: Context): Promise<void> {
  let named: Set<string> | null = null
  for await (const { key, multipartId, startedAt } of bucket.listMultiparts(keys.all)) {
    if (Date.now() - startedAt < OLD) continue
    // Rarely needed, so the records are read only in this case.
    named ??= await namedMultiparts(records)
    if (!named.has(multipartId)) await bucket.abortMultipart(key, multipartId)
  }
}

async function namedMultiparts(records: Context['records']): Promise<Set<string>> {
  const named = new Set<string>()
  for await (const id of records.list()) {
    const multipart = (await records.look(id))?.record.multipart ?? null
    if (multipart !== null) named.add(multipart)
  }
  return named
}
