import type { Locker, NewUpload } from '@tusker/core'
import { describeLocker } from '@tusker/testing'
import type { S3Uploads } from '../src/index.ts'
import { fakeS3 } from './support/fake-s3.ts'
import { uploadsIn } from './support/open-uploads.ts'

const leaseTtl = 1_000

describeLocker('s3', async () => {
  const fake = fakeS3()
  const [one, two] = [uploadsIn(fake, { leaseTtl }), uploadsIn(fake, { leaseTtl })]
  return { locker: withUploads(one), other: withUploads(two), leaseTtl }
})

/** The locker, over uploads that exist: there is no lease for any other. */
function withUploads({ store, locker }: S3Uploads): Locker {
  return {
    async withLease(id, request, task) {
      await store.create(newUpload(id))
      return locker.withLease(id, request, task)
    },
  }
}

function newUpload(id: string): NewUpload {
  return {
    id,
    length: 10,
    metadata: '',
    owner: null,
    attributes: {},
    concatenation: null,
    concatenationField: null,
    createdAt: new Date(),
  }
}
