import type { NewUpload, Outcome, UploadStore } from '@tusker/core'

/** The store of the current test. */
export interface StoreUnderTest {
  (): UploadStore
  /** The same store, as another process would open it; the store itself if only one process can use it. */
  reopened(): Promise<UploadStore>
}

/** The attributes of a new upload, as the engine would pass them. */
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

/** The options of an append whose holder cannot lose its lease. */
export const ALONE = { token: null }

/** The simplest outcome of an upload. */
export const ACCEPTED: Outcome = { kind: 'accepted', location: null, response: null }
