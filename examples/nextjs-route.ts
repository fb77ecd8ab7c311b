// app/files/[[...path]]/route.ts
import { fetchHandler } from '@tusker/adapter-fetch'
import { fsUploads } from '@tusker/store-fs'

const handler = fetchHandler({
  path: '/files',
  // Next.js evaluates a route again when you edit it, and can run it in several processes.
  ...fsUploads({ directory: './uploads', shared: true }),
})

// tus does not use PUT. Without an export Next.js would refuse it, and not name the valid methods.
export const GET = handler
export const HEAD = handler
export const POST = handler
export const PUT = handler
export const PATCH = handler
export const DELETE = handler
export const OPTIONS = handler
