import { UploadError } from '../model/error.ts'
import type { HttpResponse } from '../model/http.ts'
import type { UploadRequest } from './draft-request.ts'
import { completeField, countField } from './fields.ts'
import { stateFields } from './responses.ts'

/** Offset retrieval: HEAD or GET of an upload. */
export async function inspectUpload<Context>(draft: UploadRequest<Context>): Promise<HttpResponse> {
  assertNoState(draft)
  const upload = await draft.engine.inspect(draft.target.id, draft.request)
  return {
    status: 204,
    headers: { ...stateFields(draft, upload), 'cache-control': 'no-store' },
  }
}

/** Upload cancellation: DELETE of an upload. */
export async function removeUpload<Context>(draft: UploadRequest<Context>): Promise<HttpResponse> {
  assertNoState(draft)
  await draft.engine.remove(draft.target.id, draft.request)
  return { status: 204, headers: {} }
}

/** Versions up to 6 refuse HEAD, GET and DELETE with these fields, because such a client has an error. */
function assertNoState<Context>({ request: { headers }, version }: UploadRequest<Context>): void {
  if (!version.refusesState) return
  const hasOffset = countField(headers, 'upload-offset') !== null
  if (!hasOffset && completeField(headers, version) === null) return
  throw new UploadError(
    'malformed_request',
    `this request must have neither upload-offset nor ${version.completeField}`,
  )
}
