import { describeBadInput } from '@tusker/testing'
import { openHost } from './support/memory-host.ts'

// These fields frame a message, so a test can set them to any value only without a network.
const furtherFields = ['content-length', 'transfer-encoding', 'trailer', 'expect']

describeBadInput('memory store', openHost, { runs: 200, furtherFields })
