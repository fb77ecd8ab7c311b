import { describeBadInput, describeGuarantees, describeTus, inMemory } from '@tusker/testing'
import { fileLocker } from '../src/index.ts'
import { openInTemp } from './support/open-in-temp.ts'

const openHost = inMemory(() => openInTemp())

describeTus('fs', openHost)
describeBadInput('fs', openHost)
describeGuarantees('fs', () => openInTemp())
describeGuarantees('fs, shared by servers with a locker each', async () => {
  const opened = await openInTemp()
  return { ...opened, locker: () => fileLocker({ directory: opened.directory }) }
})
