import { describeLocker } from '@tusker/testing'
import { fakeS3 } from './support/fake-s3.ts'
import { creatingLocker } from './support/new-upload.ts'
import { uploadsIn } from './support/open-uploads.ts'

const leaseTtl = 1_000

describeLocker('s3', () => {
  const fake = fakeS3()
  const [one, two] = [uploadsIn(fake, { leaseTtl }), uploadsIn(fake, { leaseTtl })]
  return { locker: creatingLocker(one), other: creatingLocker(two), leaseTtl }
})
