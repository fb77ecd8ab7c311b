import { describeBadInput, describePromises, describeTus, inMemory } from '@tusker/testing'
import { openInTemp } from './testing/open-in-temp.ts'

const openHost = inMemory(() => openInTemp())

describeTus('fs', openHost)
describeBadInput('fs', openHost)
describePromises('fs', () => openInTemp())
