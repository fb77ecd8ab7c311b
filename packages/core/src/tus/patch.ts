import type { AppendCommand } from '../engine/commands.ts'
import type { UploadEngine } from '../engine/engine.ts'
import { isUploadError, UploadError, withExpiry } from '../model/error.ts'
import type { HttpRequest, HttpResponse } from '../model/http.ts'
import type { Target, UploadTarget } from '../protocol/protocol.ts'
import type { UploadInfo } from '../model/upload.ts'
import { addProgress, assertBytes, incoming, integerField } from './fields.ts'

/** tus 1.0, core protocol: PATCH. The response to the last one has the outcome of the upload. */
export async function appendToUpload<Context>(
  request: HttpRequest<Context>,
  target: UploadTarget,
  engine: UploadEngine<Context>,
): Promise<HttpResponse> {
  const command = await commandOf(request, target.id, engine)
  const upload = await engine.append(command, request)
  const progress = { status: 204, headers: addProgress({}, engine, upload) }
  return upload.outcome === null ? progress : withOutcome(progress, target, upload)
}

/**
 * tus 1.0, expiration: every response to PATCH has the expiry of the upload, also an error response. The
 * errors of the engine say it. A request that cannot be read never reaches the engine.
 */
async function commandOf<Context>(
  request: HttpRequest<Context>,
  id: string,
  engine: UploadEngine<Context>,
): Promise<AppendCommand> {
  try {
    return readCommand(request, id)
  } catch (error) {
    if (!isUploadError(error) || !engine.capabilities.expire) throw error
    const expiry = await engine.expiryFor(id, request).catch(() => null)
    throw expiry === null ? error : withExpiry(error, expiry)
  }
}

function readCommand(request: HttpRequest, id: string): AppendCommand {
  const { headers } = request
  assertBytes(headers)
  const offset = integerField(headers, 'upload-offset')
  if (offset === null) throw new UploadError('malformed_request', 'upload-offset is missing')
  return {
    id,
    offset,
    length: integerField(headers, 'upload-length'),
    body: incoming(request),
    completion: 'at_length',
  }
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
