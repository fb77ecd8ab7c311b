import type { NewUpload, Outcome, UploadStore } from '@tusker/core'

/** A store under test, of the current test. */
export interface StoreUnderTest {
  (): UploadStore
  /** The same store, as another process would open it; the store itself if it has only one. */
  reopened(): Promise<UploadStore>
}

/** Facts of an upload, as the engine would give them. */
export function newUpload(id: string, changes: Partial<NewUpload> = {}): NewUpload {
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

/** An append's options, for a caller whom nobody can overtake. */
export const ALONE = { token: null }

/** The plainest end of an upload. */
export const ACCEPTED: Outcome = { kind: 'accepted', location: null, response: null }
