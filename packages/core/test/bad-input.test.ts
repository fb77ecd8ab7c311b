import { describeBadInput } from '@tusker/testing'
import { openHost } from './support/memory-host.ts'

// These fields frame a message: only without a network can a test give them any value.
const furtherFields = ['content-length', 'transfer-encoding', 'trailer', 'expect']

describeBadInput('memory store', openHost, { runs: 200, furtherFields })
