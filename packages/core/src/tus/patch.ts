import type { UploadEngine } from '../engine/engine.ts'
import { isUploadError, UploadError } from '../model/error.ts'
import type { HttpRequest, HttpResponse } from '../model/http.ts'
import type { Target } from '../protocol/protocol.ts'
import type { UploadInfo } from '../model/upload.ts'
import { assertBytes, incoming, integerField, progressFields } from './fields.ts'

/** tus 1.0, core protocol: PATCH. The response to the last one has the outcome of the upload. */
export async function appendToUpload<Context>(
  request: HttpRequest<Context>,
  target: Target & { readonly id: string },
  engine: UploadEngine<Context>,
): Promise<HttpResponse> {
  try {
    return await appended(request, target, engine)
  } catch (error) {
    throw await withExpiry(error, request, target.id, engine)
  }
}

async function appended<Context>(
  request: HttpRequest<Context>,
  target: Target & { readonly id: string },
  engine: UploadEngine<Context>,
): Promise<HttpResponse> {
  const { headers } = request
  assertBytes(headers)
  const offset = integerField(headers, 'upload-offset')
  if (offset === null) throw new UploadError('malformed_request', 'upload-offset is missing')

  const upload = await engine.append(
    {
      id: target.id,
      offset,
      length: integerField(headers, 'upload-length'),
      body: incoming(request),
      completion: 'at_length',
    },
    request,
  )
  const progress = { status: 204, headers: progressFields(engine, upload) }
  return upload.outcome === null ? progress : withOutcome(progress, target, upload)
}

/** tus 1.0, expiration: every response to PATCH has the expiry of the upload, also an error response. */
async function withExpiry<Context>(
  error: unknown,
  request: HttpRequest<Context>,
  id: string,
  engine: UploadEngine<Context>,
): Promise<unknown> {
  if (!isUploadError(error) || !engine.capabilities.expire) return error
  const expiry = await engine.expiryFor(id, request).catch(() => null)
  if (expiry === null) return error
  return new UploadError(error.code, error.message, {
    ...(error.actualOffset === undefined ? {} : { actualOffset: error.actualOffset }),
    ...(error.maxLength === undefined ? {} : { maxLength: error.maxLength }),
    headers: { ...error.headers, 'upload-expires': expiry.toUTCString() },
    cause: error,
  })
}

function withOutcome(base: HttpResponse, target: Target, { outcome }: UploadInfo): HttpResponse {
  if (outcome?.kind !== 'accepted') return base
  const { location, response } = outcome
  const status = response?.status ?? base.status
  return {
    status,
    headers: {
      ...response?.headers,
      ...base.headers,
      ...(location === null ? {} : { location: target.locate(location) }),
    },
    ...(response?.body === undefined || status === 204 ? {} : { body: response.body }),
  }
}
