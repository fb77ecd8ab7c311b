import { describeTus, describeBadInput, describePromises, inMemory } from '@tusker/testing'
import { openInTemp } from './testing/open-in-temp.ts'
const open = () => openInTemp()
describeTus('fs', inMemory(open))
describeBadInput('fs', inMemory(open))
describePromises('fs', open)
