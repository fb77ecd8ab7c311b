import { describeLocker } from '@tusker/testing'
import { fileLocker } from '../src/index.ts'
import { openInTemp } from './support/open-in-temp.ts'
import { uploadOf } from './support/uploads.ts'

describeLocker('file', async () => {
  const { directory, store, dispose } = await openInTemp()
  // Tokens are noted in the records of uploads.
  await store.create(uploadOf('u1'))
  const leaseTime = 1_500
  const open = () => fileLocker({ directory, leaseTime })
  return { locker: open(), other: open(), leaseTime, dispose }
})
