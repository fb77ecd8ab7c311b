import { describeBadDraftInput, describeDraft } from '@tusker/testing'
import { openHost } from './support/memory-host.ts'

describeDraft('memory store', openHost)
describeBadDraftInput('memory store', openHost)
