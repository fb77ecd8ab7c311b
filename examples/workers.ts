import { fetchHandler } from '@tusker/adapter-fetch'
import { createUploadServer } from '@tusker/core'
import { memoryStore } from '@tusker/store-memory'

interface Call {
  readonly env: unknown
  readonly execution: ExecutionContext
}

// For trying it out: this memory is that of one instance, and there may be many.
const uploads = createUploadServer<Call>({ path: '/files', store: memoryStore() })
const handler = fetchHandler(uploads)

export default {
  fetch(request: Request, env: unknown, execution: ExecutionContext): Promise<Response> {
    const response = handler(request, { env, execution })
    // When a client goes away, what it was doing would stop in the middle and keep its upload locked.
    execution.waitUntil(response)
    return response
  },
}
