import { describeTus } from '@tusker/testing'
import { openHost } from './support/memory-host.ts'

describeTus('memory store', openHost, {
  chapters: ['creation', 'creation-metadata', 'creation-defer-length', 'creation-with-upload'],
})
