import { fetchHandler } from '@tusker/adapter-fetch'
import { createUploadServer } from '@tusker/core'
import { memoryStore } from '@tusker/store-memory'

interface Call {
  readonly env: unknown
  readonly execution: ExecutionContext
}

// For a first try only: each instance has a memory of its own, and there can be many instances.
const uploads = createUploadServer<Call>({ path: '/files', store: memoryStore() })
const handler = fetchHandler(uploads)

export default {
  fetch(request: Request, env: unknown, execution: ExecutionContext): Promise<Response> {
    const response = handler(request, { env, execution })
    // Without this, work for a client that disconnects would stop in the middle and keep its lease.
    execution.waitUntil(response)
    return response
  },
}
