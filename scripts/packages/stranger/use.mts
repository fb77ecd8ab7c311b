// Types that the examples do not use, and two mistakes that the declarations must report.
import { checksums } from '@tusker/checksums'
import type { UploadHooks } from '@tusker/core'
import { createUploadServer } from '@tusker/core'
import { fsStore } from '@tusker/store-fs'

const hooks: UploadHooks<{ user: string }> = { identify: ({ user }) => user }
const store = fsStore({ directory: './content' })
export const uploads = createUploadServer({ path: '/files', store, hooks, checksums: checksums() })

// @ts-expect-error there is no such option
fsStore({ directory: './content', nope: true })
// @ts-expect-error a store is missing
createUploadServer({ path: '/files' })
