import type { UploadStore } from '@tusker/core'

/** The bytes of a text, one for each character. Characters must be below 256. */
export function bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

/** A body that arrives in these chunks. */
export async function* pieces(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield await Promise.resolve(bytes(text))
}

/** A body whose chunks the test feeds one by one. */
export interface FedBody {
  readonly body: AsyncIterable<Uint8Array>
  feed(text: string): void
  end(): void
}

export function fed(): FedBody {
  const waiting: (string | null)[] = []
  let wake: (() => void) | null = null

  function push(text: string | null): void {
    waiting.push(text)
    wake?.()
  }

  async function* body(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const text = waiting.shift()
      if (text === null) return
      if (text !== undefined) yield bytes(text)
      else await new Promise<void>((resolve) => (wake = resolve))
    }
  }

  return { body: body(), feed: push, end: () => push(null) }
}

/** The committed bytes of an upload, as text. */
export async function stored(
  store: UploadStore,
  id: string,
  start: number = 0,
  end: number = Number.POSITIVE_INFINITY,
): Promise<string> {
  const upload = await store.find(id)
  if (upload === null || store.read === undefined) throw new Error(`cannot read ${id}`)
  let text = ''
  for await (const chunk of store.read(id, start, Math.min(end, upload.offset))) {
    text += String.fromCharCode(...chunk)
  }
  return text
}
