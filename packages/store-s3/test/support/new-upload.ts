import type { Locker, NewUpload } from '@tusker/core'
import type { S3Uploads } from '../../src/index.ts'

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

/** The locker, over uploads that exist: there is no lease for any other. */
export function creatingLocker({ store, locker }: S3Uploads): Locker {
  return {
    async withLease(id, request, task) {
      await store.create(newUpload(id))
      return locker.withLease(id, request, task)
    },
  }
}
