import type { UploadServer } from '@tusker/core'
import { createUploadServer } from '@tusker/core'
import { memoryStore } from '@tusker/store-memory'

/** The server of every runtime. It is created when the module is evaluated, as in applications. */
export function uploadServer<Context>(): UploadServer<Context> {
  return createUploadServer<Context>({
    path: '/files',
    store: memoryStore(),
    downloads: true,
    // Small, so that the tests reach these limits.
    maxLength: 300_000_000,
    idleTimeout: 400,
    expireAfter: 3_000,
    sweepEvery: 500,
  })
}
