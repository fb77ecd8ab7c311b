// What the examples do not use, and two mistakes that the declarations have to find.
import { checksums } from '@tusker/checksums'
import { basicAccess, contentServer, directoryTree } from '@tusker/content'
import type { UploadHooks, UploadStore } from '@tusker/core'
import { createUploadServer, UploadError } from '@tusker/core'
import { fileLocker, fsStore } from '@tusker/store-fs'
import { memoryStore } from '@tusker/store-memory'

const hooks: UploadHooks<{ user: string }> = {
  identify: ({ user }) => user,
  finish(upload) {
    if (upload.offset === 0) throw new UploadError('rejected', 'there is nothing in it')
    return { location: `/done/${upload.id}` }
  },
}
const store: UploadStore = memoryStore({ maxLength: 1_000 })
export const uploads = createUploadServer({ path: '/files', store, hooks, checksums: checksums() })

const directory = './content'
export const content = contentServer({
  path: '/content',
  store: fsStore({ directory }),
  locker: fileLocker({ directory }),
  tree: directoryTree({ directory }),
  access: basicAccess({ users: { ada: 'secret' }, rights: { '/': { ada: ['view'] } } }),
})

// @ts-expect-error there is no such option
fsStore({ directory, nope: true })
// @ts-expect-error a store is missing
createUploadServer({ path: '/files' })
