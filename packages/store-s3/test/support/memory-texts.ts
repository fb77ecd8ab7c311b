import type { VersionedTexts } from '@tusker/core'

/** Texts that several stores of this process share. */
export function memoryTexts(): VersionedTexts {
  const texts = new Map<
    string,
    { readonly text: string; readonly version: string; readonly at: number }
  >()
  let count = 0
  return {
    async read(id) {
      const found = texts.get(id)
      return found === undefined ? null : { ...found, age: performance.now() - found.at }
    },
    async write(id, text, version) {
      if ((texts.get(id)?.version ?? null) !== version) return null
      const written = String(++count)
      texts.set(id, { text, version: written, at: performance.now() })
      return written
    },
    async remove(id) {
      texts.delete(id)
    },
    async *list() {
      yield* [...texts.keys()]
    },
  }
}
