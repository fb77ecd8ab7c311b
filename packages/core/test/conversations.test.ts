import { describeBadInput, describeGuarantees, describeTus, inMemory } from '@tusker/testing'
import { memoryStore } from '../../store-memory/src/index.ts'

// The store's own limit is what this machine has room for, and lengths go up to 2^53 - 1.
const openStore = () => ({ store: memoryStore({ maxLength: Number.MAX_SAFE_INTEGER }) })
const openHost = inMemory(openStore)

describeTus('memory', openHost)
describeBadInput('memory', openHost, {
  ...{ runs: 200, furtherFields: ['content-length', 'transfer-encoding', 'trailer', 'expect'] },
})
describeGuarantees('memory', openStore)
