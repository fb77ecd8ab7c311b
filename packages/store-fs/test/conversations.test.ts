import type { GuaranteeName, OpenedStore } from '@tusker/testing'
import { describeBadInput, describeGuarantees, describeTus, inMemory } from '@tusker/testing'
import { isLong } from '../../testing/test/support/test-rounds.ts'
import { fileLocker } from '../src/index.ts'
import { openInTemp } from './support/open-in-temp.ts'

/** What depends on the store or its leases. The tests of core have all guarantees by the draft. */
const BY_DRAFT: readonly GuaranteeName[] = ['completion', 'contention', 'expiry', 'shutdown']

const openHost = inMemory(() => openInTemp())

describeTus('fs', openHost)
// What a value means is decided in core, whose tests try twenty times as many.
describeBadInput('fs', openHost, { runs: isLong ? 100 : 10 })
describeGuarantees('fs', () => openInTemp())

async function openShared(): Promise<OpenedStore> {
  const opened = await openInTemp()
  return { ...opened, locker: () => fileLocker({ directory: opened.directory }) }
}
describeGuarantees('fs, shared by servers with a locker each', openShared)
describeGuarantees('fs, shared by servers with a locker each', openShared, BY_DRAFT, 'draft')
