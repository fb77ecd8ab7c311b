import { describeTus } from '@tusker/testing'
import { openHost } from './support/memory-host.ts'

describeTus('memory store', openHost, {
  chapters: ['beyond-spec-bodies', 'beyond-spec-fields', 'beyond-spec-concatenation'],
})
