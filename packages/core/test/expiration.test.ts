import { describeTus } from '@tusker/testing'
import { openHost } from './support/memory-host.ts'

describeTus('memory store', openHost, { chapters: ['expiration'] })
