import type { UploadServer } from '@tusker/core'
import { createUploadServer } from '@tusker/core'
import { memoryStore } from '@tusker/store-memory'

/** The same server on every runtime. Made where its module is evaluated, as applications do. */
export function uploadServer<Context>(): UploadServer<Context> {
  return createUploadServer<Context>({
    path: '/files',
    store: memoryStore(),
    downloads: true,
    // Small enough to see them at work.
    maxLength: 300_000_000,
    idleTimeout: 400,
    expireAfter: 3_000,
    sweepEvery: 500,
  })
}
