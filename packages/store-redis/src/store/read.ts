import type { Keeping } from './append.ts'
import type { Span } from '../client/keys.ts'
import { spansOf } from '../client/keys.ts'
import { damaged } from '../errors.ts'

/** The number of uploads that are read at the same time. */
const AT_ONCE = 100

/** Finds all parts. Throws the error that `get` throws for one of them. */
export async function partsOf<T>(
  ids: readonly string[],
  get: (id: string) => Promise<T>,
): Promise<T[]> {
  const parts: T[] = []
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    parts.push(...(await Promise.all(ids.slice(start, start + AT_ONCE).map(get))))
  }
  return parts
}

/** Reads the bytes of an upload from `start` up to, not including, `end`, one piece ahead. */
export async function* readPieces(
  { commands, layout }: Keeping,
  { id, generation }: { readonly id: string; readonly generation: string },
  start: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  async function read({ number, at, length }: Span): Promise<Buffer> {
    const key = layout.piece(id, generation, number)
    // GETRANGE replies with bytes.
    const bytes = (await commands.send(key, [
      'GETRANGE',
      key,
      String(at),
      String(at + length - 1),
    ])) as Buffer
    if (bytes.byteLength !== length) throw damaged()
    return bytes
  }

  let ahead: Promise<Buffer> | null = null
  for (const span of spansOf(start, end)) {
    const reading = read(span)
    // The reader awaits it. If the reader stops before, a failure concerns no caller.
    reading.catch(() => {})
    if (ahead !== null) yield await ahead
    ahead = reading
  }
  if (ahead !== null) yield await ahead
}
