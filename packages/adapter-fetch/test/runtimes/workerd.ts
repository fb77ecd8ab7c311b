import { fetchHandler } from '@tusker/adapter-fetch'
import { uploadServer } from './uploads.ts'

/** The part of the types of Workers that this file uses. */
interface Call {
  readonly env: unknown
  readonly execution: { waitUntil(promise: Promise<unknown>): void }
}

const uploads = fetchHandler(uploadServer<Call>())

export default {
  fetch(request: Request, env: unknown, execution: Call['execution']): Promise<Response> {
    const response = uploads(request, { env, execution })
    // Without this, the work of a request stops in the middle when its client disconnects.
    execution.waitUntil(response)
    return response
  },
}
