import type { FsStore } from '../../src/index.ts'

export { newUpload as uploadOf } from '@tusker/testing'

/** A body that arrives in these chunks. */
export async function* pieces(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield await Promise.resolve(Buffer.from(text))
}

/** A body of `count` chunks. Each chunk is filled with its number. */
export async function* bodyOf(count: number, length: number): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index += 1) {
    yield await Promise.resolve(Buffer.alloc(length, index))
  }
}

/** The committed bytes of an upload, as text. */
export async function textOf(store: FsStore, id: string): Promise<string> {
  const { offset = 0 } = (await store.find(id)) ?? {}
  let text = ''
  for await (const chunk of store.read(id, 0, offset)) text += Buffer.from(chunk).toString()
  return text
}

/** The options of an append whose holder cannot lose its lease. */
export const ALONE = { token: null }
