import type { UploadEngine } from '../engine/engine.ts'
import { UploadError } from '../model/error.ts'
import type { HttpRequest, HttpResponse } from '../model/http.ts'
import type { Target } from '../protocol/protocol.ts'
import { concatField } from './concat-field.ts'
import { isEmptyAfterAll } from './empty-body.ts'
import {
  addState,
  announcesBody,
  assertBytes,
  deferLengthField,
  incoming,
  integerField,
  isBytes,
} from './fields.ts'

/** tus 1.0, creation and creation-with-upload: POST. */
export async function createUpload<Context>(
  request: HttpRequest<Context>,
  target: Target,
  engine: UploadEngine<Context>,
): Promise<HttpResponse> {
  const { headers, context, signal } = request
  const concat = concatField(request, target, engine.capabilities.concatenate)
  const final = concat.concatenation?.kind === 'final'
  const hasBody = announcesBody(headers) && !(await isEmptyAfterAll(request))
  const length = final ? assertNoLength(request, hasBody) : lengthField(request)
  // If the server ignored a body of another type, the client would believe that it was accepted.
  if (hasBody) assertBytes(headers)

  const created = await engine.create(
    {
      length,
      metadata: headers.get('upload-metadata') ?? '',
      ...concat,
      body: isBytes(headers) && !final ? incoming(request) : null,
      completion: 'at_length',
      announce: null,
    },
    { context, signal },
  )
  const { upload } = created
  const fields: Record<string, string> = Object.assign({}, created.headers)
  fields['location'] = target.urlOf(upload.id)
  return { status: 201, headers: addState(fields, engine, target, upload) }
}

/** Refuses a length or a body. The length of a final upload follows from its parts. */
function assertNoLength({ headers }: HttpRequest, hasBody: boolean): null {
  if (integerField(headers, 'upload-length') !== null || hasBody) {
    throw new UploadError(
      'malformed_request',
      'a final upload has neither upload-length nor a body',
    )
  }
  return null
}

function lengthField(request: HttpRequest): number | null {
  const length = integerField(request.headers, 'upload-length')
  const deferred = deferLengthField(request.headers)
  if (length === null && !deferred) {
    throw new UploadError('malformed_request', 'upload-length is missing')
  }
  if (length !== null && deferred) {
    throw new UploadError(
      'malformed_request',
      'send upload-length or upload-defer-length, not both',
    )
  }
  return length
}
