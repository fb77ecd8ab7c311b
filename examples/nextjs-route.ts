// app/files/[[...path]]/route.ts
import { fetchHandler } from '@tusker/adapter-fetch'
import { createUploadServer } from '@tusker/core'
import { fileLocker, fsStore } from '@tusker/store-fs'

interface Context {
  readonly params: Promise<{ path?: string[] }>
}

const uploads = createUploadServer<Context>({
  path: '/files',
  store: fsStore({ directory: './uploads' }),
  // Next.js evaluates a route anew when you edit it, and may run it in several processes.
  locker: fileLocker({ directory: './uploads' }),
})
const handler = fetchHandler(uploads)

// PUT is none of tus, but Next.js would refuse it without saying which methods there are.
export const GET = handler
export const HEAD = handler
export const POST = handler
export const PUT = handler
export const PATCH = handler
export const DELETE = handler
export const OPTIONS = handler
