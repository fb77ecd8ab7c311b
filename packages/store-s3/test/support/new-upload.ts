import type { Locker } from '@tusker/core'
import { newUpload } from '@tusker/testing'
import type { S3Uploads } from '../../src/index.ts'

export { newUpload }

/** The locker, over uploads that exist: there is no lease for any other. */
export function creatingLocker({ store, locker }: S3Uploads): Locker {
  return {
    async withLease(id, request, task) {
      await store.create(newUpload(id))
      return locker.withLease(id, request, task)
    },
  }
}
