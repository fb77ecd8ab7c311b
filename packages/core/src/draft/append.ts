import { UploadError } from '../model/error.ts'
import type { HttpResponse } from '../model/http.ts'
import { declaredLength, incoming } from './content.ts'
import type { UploadRequest } from './draft-request.ts'
import { completeField, countField, mediaTypeOf } from './fields.ts'
import { interimResponses } from './interim.ts'
import { finalResponse, unfinishedResponse } from './responses.ts'

/** Upload append: PATCH of an upload. */
export async function appendToUpload<Context>(
  draft: UploadRequest<Context>,
): Promise<HttpResponse> {
  const { request, target, engine, version } = draft
  const { headers } = request
  if (version.appendType !== null && mediaTypeOf(headers) !== version.appendType) {
    throw new UploadError('unsupported_media_type', `content-type must be ${version.appendType}`)
  }
  const offset = countField(headers, 'upload-offset')
  if (offset === null) {
    throw new UploadError('malformed_request', 'upload-offset must be a whole number of bytes')
  }
  const isComplete =
    completeField(headers, version) ?? (version.omittedIsComplete ? true : missing(version))

  const upload = await engine.append(
    {
      id: target.id,
      offset,
      length: declaredLength(request, offset, isComplete),
      body: incoming(draft, interimResponses(draft)),
      completion: isComplete ? 'with_body' : 'later',
    },
    request,
  )
  return upload.outcome === null ? unfinishedResponse(draft, upload) : finalResponse(draft, upload)
}

function missing({ completeField: name }: { readonly completeField: string }): never {
  throw new UploadError('malformed_request', `${name} must be ?0 or ?1`)
}
