import type { NewUpload } from '@tusker/core'

/** Facts of an upload, as the engine would give them. */
export function uploadOf(id: string, changes: Partial<NewUpload> = {}): NewUpload {
  return {
    ...{ id, length: 10, metadata: '', owner: null, facts: {} },
    ...{ concatenation: null, concatenationField: null, createdAt: new Date() },
    ...changes,
  }
}

/** A body that comes in these pieces. */
export async function* pieces(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield await Promise.resolve(Buffer.from(text))
}

/** A caller whom nobody can overtake. */
export const ALONE = { token: null }
