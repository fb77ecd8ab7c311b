import type { Payload } from './port.ts'

/** True on Node: its `fetch` sends a stream with the length that a field states, others in chunks. */
const keepsLength =
  typeof process === 'object' &&
  process.versions.node !== undefined &&
  !('Bun' in globalThis) &&
  !('Deno' in globalThis)

/** The options of `fetch` that send a payload with its length, without a copy where that is possible. */
export function sendable(
  payload: Payload,
  headers: Readonly<Record<string, string>>,
): RequestInit & { readonly duplex?: 'half' } {
  const [first = new Uint8Array(0)] = payload.chunks
  if (payload.chunks.length < 2) return { body: Uint8Array.from(first) }
  if (!keepsLength) return { body: joined(payload) }
  return {
    body: streamOf(payload.chunks),
    duplex: 'half',
    headers: { ...headers, 'content-length': String(payload.length) },
  }
}

/** All the bytes of a payload in one array. */
export function joined({ length, chunks }: Payload): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.byteLength
  }
  return bytes
}

function streamOf(chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  let next = 0
  return new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const chunk = chunks[next++]
        if (chunk === undefined) controller.close()
        else controller.enqueue(chunk)
      },
    },
    { highWaterMark: 0 },
  )
}
