import { checksums } from '@tusker/checksums'
import type { Locker, UploadServer, UploadStore } from '@tusker/core'
import { createUploadServer } from '@tusker/core'
import { fsStore, fsUploads } from '@tusker/store-fs'
import { settings } from './control.ts'

const { directory } = settings

/** An upload server with everything that the works need. */
export function uploadsOver<Context>(
  store: UploadStore = fsStore({ directory }),
  locker?: Locker,
): UploadServer<Context> {
  return createUploadServer<Context>({
    path: '/files',
    store,
    checksums: checksums(),
    downloads: true,
    ...(locker && { locker }),
  })
}

/** The same over a directory that several processes may share. */
export function sharedUploads<Context>(): UploadServer<Context> {
  const { store, locker } = fsUploads({ directory, shared: true })
  return uploadsOver<Context>(store, locker)
}
