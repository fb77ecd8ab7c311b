import type { NewUpload } from '@tusker/core'
import type { FsStore } from '../../src/index.ts'

/** Facts of an upload, as the engine would give them. */
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

/** A body that comes in these pieces. */
export async function* pieces(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield await Promise.resolve(Buffer.from(text))
}

/** A body of chunks that are filled with their numbers. */
export async function* bodyOf(count: number, length: number): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index += 1) {
    yield await Promise.resolve(Buffer.alloc(length, index))
  }
}

/** What counts of an upload. */
export async function textOf(store: FsStore, id: string): Promise<string> {
  const { offset = 0 } = (await store.find(id)) ?? {}
  let text = ''
  for await (const chunk of store.read(id, 0, offset)) text += Buffer.from(chunk).toString()
  return text
}

/** A caller whom nobody can overtake. */
export const ALONE = { token: null }
