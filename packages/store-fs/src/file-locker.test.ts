import { describeLocker } from '@tusker/testing'
import { fileLocker } from './index.ts'
import { openInTemp } from './testing/open-in-temp.ts'

describeLocker('file', async () => {
  const { directory, dispose } = await openInTemp()
  return { locker: fileLocker({ directory }), other: fileLocker({ directory }), dispose }
})
