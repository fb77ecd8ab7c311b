import { fetchHandler } from '@tusker/adapter-fetch'
import { uploadServer } from './uploads.ts'

/** What of Workers' types is used here. */
interface Call {
  readonly env: unknown
  readonly execution: { waitUntil(promise: Promise<unknown>): void }
}

const uploads = fetchHandler(uploadServer<Call>())

export default {
  fetch(request: Request, env: unknown, execution: Call['execution']): Promise<Response> {
    const response = uploads(request, { env, execution })
    // Otherwise all that a request does stops in the middle when its client goes away.
    execution.waitUntil(response)
    return response
  },
}
