import { describeGuarantees, describeLocker, describeModel, describeStore } from '@tusker/testing'
import { isLong } from '../../testing/test/support/test-rounds.ts'
import { describeCeph, freshPrefix, openCeph, uploadsOn } from './support/describe-ceph.ts'
import { creatingLocker } from './support/new-upload.ts'

/** Long enough for a renewal over a storage that a busy machine keeps waiting. */
const leaseTtl = 3_000

describeCeph('the contracts over Ceph', (endpoint) => {
  describeStore('s3 on Ceph', () => openCeph(endpoint), { manyParts: 50 })
  describeLocker('s3 on Ceph', () => {
    const prefix = freshPrefix()
    const [one, two] = [1, 2].map(() => uploadsOn(endpoint, prefix, { leaseTtl }))
    return { locker: creatingLocker(one!), other: creatingLocker(two!), leaseTtl }
  })
  // What these need of a storage, the contracts above show. They run over the fake storage in both forms.
  if (!isLong) {
    console.info(
      'guarantees and random steps over Ceph: skipped, set TUSKER_ROUNDS for the long form',
    )
    return
  }
  describeModel('s3 on Ceph', () => openCeph(endpoint), { runs: 4 })
  describeGuarantees('s3 on Ceph, shared by servers with a locker each', () => openCeph(endpoint))
})
