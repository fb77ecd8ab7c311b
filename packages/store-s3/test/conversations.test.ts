import type { GuaranteeName } from '@tusker/testing'
import { describeBadInput, describeGuarantees, describeTus, inMemory } from '@tusker/testing'
import { isLong } from '../../testing/test/support/test-rounds.ts'
import { openFake } from './support/open-uploads.ts'

/** What depends on the store or its leases. The tests of core have all guarantees by the draft. */
const BY_DRAFT: readonly GuaranteeName[] = ['completion', 'contention', 'expiry', 'shutdown']

/** As if an object could have any length: lengths go up to 2^53 - 1. */
function openLong() {
  const { store, ...opened } = openFake()
  return { ...opened, store: { ...store, maxLength: Number.MAX_SAFE_INTEGER } }
}

describeTus('s3', inMemory(openLong), {
  skip: { 'trailer-5': 'the parts of a bucket cannot take bytes back' },
})
// What a value means is decided in core, whose tests try twenty times as many.
describeBadInput('s3', inMemory(openFake), { runs: isLong ? 100 : 10 })
describeGuarantees('s3, of one process', () => openFake({ shared: false }))
describeGuarantees('s3, shared by servers with a locker each', () => openFake())
describeGuarantees('s3, shared by servers with a locker each', () => openFake(), BY_DRAFT, 'draft')
