/**
 * Reads a body that is known to be short.
 *
 * @param size bytes that it must have
 */
export async function bytesOf(
  body: ReadableStream<Uint8Array>,
  size: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(size)
  let at = 0
  for await (const chunk of chunksOf(body)) {
    if (at + chunk.byteLength > size) throw new Error(`an object has more than its ${size} bytes`)
    bytes.set(chunk, at)
    at += chunk.byteLength
  }
  if (at < size) throw new TypeError(`only ${at} of ${size} bytes of an object came`)
  return bytes
}

/** The chunks of a body. Leaving them early cancels it. */
export async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader()
  let isOver = false
  try {
    for (;;) {
      const { done, value } = await reader.read()
      isOver = done
      if (done) return
      yield value
    }
  } finally {
    if (!isOver) await reader.cancel().catch(() => {})
  }
}
