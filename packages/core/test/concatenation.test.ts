import { describeTus } from '@tusker/testing'
import { openHost } from './support/memory-host.ts'

describeTus('memory store', openHost, {
  chapters: ['concatenation', 'concatenation-head', 'concatenation-unfinished'],
})
