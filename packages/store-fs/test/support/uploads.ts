import type { NewUpload } from '@tusker/core'
import type { FsStore } from '../../src/index.ts'

/** The attributes of a new upload, as the engine would pass them. */
export function uploadOf(id: string, changes: Partial<NewUpload> = {}): NewUpload {
  return {
    id,
    length: 10,
    metadata: '',
    owner: null,
    attributes: {},
    concatenation: null,
    concatenationField: null,
    createdAt: new Date(),
    ...changes,
  }
}

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
