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
    headers: Object.assign({ 'cache-control': 'no-store' }, stateFields(draft, upload)),
  }
}

/** Upload cancellation: DELETE of an upload. */
export async function removeUpload<Context>(draft: UploadRequest<Context>): Promise<HttpResponse> {
  assertNoState(draft)
  await draft.engine.remove(draft.target.id, draft.request)
  return { status: 204, headers: {} }
}

/** Versions up to 6 refuse HEAD, GET and DELETE with these fields, because such a client has an error. */
function assertNoState<Context>({ request, version }: UploadRequest<Context>): void {
  const { headers, method } = request
  if (version.refusesState && countField(headers, 'upload-offset') !== null) {
    throw unwanted('upload-offset')
  }
  if (version.refusesState && completeField(headers, version) !== null) {
    throw unwanted(version.completeField)
  }
  if (!version.refusesLength || method === 'DELETE') return
  if (countField(headers, 'upload-length') !== null) throw unwanted('upload-length')
}

function unwanted(field: string): UploadError {
  return new UploadError('malformed_request', `this request must not have ${field}`)
}
