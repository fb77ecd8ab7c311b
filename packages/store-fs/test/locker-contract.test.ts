import { describeLocker } from '@tusker/testing'
import { fileLocker } from '../src/index.ts'
import { openInTemp } from './support/open-in-temp.ts'
import { uploadOf } from './support/uploads.ts'

describeLocker('file', async () => {
  const { directory, store, dispose } = await openInTemp()
  const create = async (id: string): Promise<void> => void (await store.create(uploadOf(id)))
  const leaseTtl = 1_500
  const open = () => fileLocker({ directory, leaseTtl })
  return { locker: open(), other: open(), leaseTtl, create, dispose }
})
