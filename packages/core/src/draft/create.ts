import { tooShort } from '../engine/length-limits.ts'
import { UploadError } from '../model/error.ts'
import type { HttpResponse } from '../model/http.ts'
import { declaredLength, hasContent, incoming } from './content.ts'
import type { DraftRequest } from './draft-request.ts'
import { completeField, contentLength } from './fields.ts'
import { interimResponses } from './interim.ts'
import { metadataOf } from './metadata.ts'
import { finalResponse, unfinishedResponse } from './responses.ts'

/** Upload creation: a request with the field that says whether its content is the whole upload. */
export async function createUpload<Context>(draft: DraftRequest<Context>): Promise<HttpResponse> {
  const { request, target, engine, version } = draft
  const isComplete = completeField(request.headers, version)
  if (isComplete === null) {
    throw new UploadError('malformed_request', `${version.completeField} must be ?0 or ?1`)
  }
  const length = declaredLength(request, 0, isComplete)
  if (!isComplete) assertResumable(draft, length)
  if (!isComplete) assertWorthwhile(draft)

  const interim = interimResponses(draft)
  const created = await engine.create(
    {
      length,
      metadata: metadataOf(draft),
      concatenation: null,
      concatenationField: null,
      body: hasContent(request) ? incoming(draft, interim) : null,
      completion: isComplete ? 'with_body' : 'later',
      announce: interim.announce,
    },
    request,
  )
  const { upload } = created
  if (upload.outcome !== null) {
    const response = finalResponse(draft, upload)
    return { ...response, headers: { ...created.headers, ...response.headers } }
  }
  const { headers } = unfinishedResponse(draft, upload)
  const location = target.urlOf(upload.id)
  return { status: 201, headers: Object.assign({}, created.headers, headers, { location }) }
}

function assertResumable<Context>(
  { limits: { minSize = 0 } }: DraftRequest<Context>,
  length: number | null,
): void {
  if (minSize === 0 || (length !== null && length >= minSize)) return
  throw new UploadError(
    'malformed_request',
    `an upload of less than ${minSize} bytes must come in one request, with upload-complete: ?1`,
  )
}

/** Refuses short content, but not a creation without content. */
function assertWorthwhile<Context>({ request, limits }: DraftRequest<Context>): void {
  const length = contentLength(request)
  const { minAppendSize = 0 } = limits
  if (length !== null && length > 0 && length < minAppendSize) throw tooShort(minAppendSize)
}
