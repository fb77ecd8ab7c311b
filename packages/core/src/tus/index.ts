import type { UploadEngine } from '../engine/engine.ts'
import { UploadError } from '../model/error.ts'
import type { HeaderFields, HttpRequest, HttpResponse } from '../model/http.ts'
import type { Protocol, Target, UploadTarget } from '../protocol/protocol.ts'
import { errorResponse, STATUS } from '../http/error-response.ts'
import { createUpload } from './create.ts'
import { VERSION } from './fields.ts'
import { inspectUpload } from './head.ts'
import { appendToUpload } from './patch.ts'

/** The tus resumable upload protocol, version 1.0.0. */
export function tus(): Protocol {
  return {
    claims: (request) => request.headers.get('tus-resumable') !== null,
    describe,
    handle(request, target, engine) {
      assertVersion(request)
      return dispatch(request, target, engine)
    },
    refuse,
  }
}

function describe({ capabilities }: UploadEngine<never>, request: HttpRequest): HeaderFields {
  const { checksums } = capabilities
  const extensions = [
    'creation',
    'creation-with-upload',
    ...(capabilities.deferLength ? ['creation-defer-length'] : []),
    ...(capabilities.expire ? ['expiration'] : []),
    ...(capabilities.terminate ? ['termination'] : []),
    ...(capabilities.concatenate ? ['concatenation', 'concatenation-unfinished'] : []),
    ...(checksums.length > 0 ? ['checksum'] : []),
    ...(checksums.length > 0 && request.trailers ? ['checksum-trailer'] : []),
  ]
  return {
    'tus-resumable': VERSION,
    'tus-version': VERSION,
    'tus-extension': extensions.join(','),
    ...(checksums.length > 0 ? { 'tus-checksum-algorithm': checksums.join(',') } : {}),
    ...(capabilities.maxLength === null ? {} : { 'tus-max-size': String(capabilities.maxLength) }),
  }
}

function assertVersion(request: HttpRequest): void {
  const version = request.headers.get('tus-resumable')
  if (version?.trim() === VERSION) return
  throw new UploadError('unsupported_version', `tus-resumable must be ${VERSION}`, {
    headers: { 'tus-version': VERSION },
  })
}

function dispatch<Context>(
  request: HttpRequest<Context>,
  target: Target,
  engine: UploadEngine<Context>,
): Promise<HttpResponse> {
  if (!namesUpload(target)) {
    if (request.method === 'POST') return createUpload(request, target, engine)
    if (UPLOAD_METHODS.has(request.method)) {
      throw new UploadError('not_found', 'the path names no upload')
    }
    throw unsupportedMethod(request, 'POST, OPTIONS')
  }
  switch (request.method) {
    case 'HEAD':
      return inspectUpload(request, target, engine)
    case 'PATCH':
      return appendToUpload(request, target, engine)
    case 'DELETE':
      return removeUpload(request, target.id, engine)
    default:
      throw unsupportedMethod(request, 'HEAD, PATCH, DELETE, OPTIONS')
  }
}

function namesUpload(target: Target): target is UploadTarget {
  return target.id !== null
}

const UPLOAD_METHODS = new Set(['HEAD', 'PATCH', 'DELETE'])

/** tus 1.0, termination: DELETE. */
async function removeUpload<Context>(
  request: HttpRequest<Context>,
  id: string,
  engine: UploadEngine<Context>,
): Promise<HttpResponse> {
  await engine.remove(id, request)
  return { status: 204, headers: { 'tus-resumable': VERSION } }
}

function unsupportedMethod(request: HttpRequest, allow: string): UploadError {
  return new UploadError('unsupported_method', `${request.method} is not possible here`, {
    headers: { allow },
  })
}

/**
 * After any response to HEAD but 2xx and 423, clients start the upload again. So the status of a temporary
 * error is 423 for HEAD.
 */
function refuse(request: HttpRequest, error: UploadError): HttpResponse {
  const status = STATUS[error.code]
  const passing = status >= 500 || status === 429
  const response = errorResponse(
    request,
    error,
    request.method === 'HEAD' && passing ? 423 : status,
  )
  const { maxLength, expiresAt } = error
  return {
    ...response,
    headers: {
      ...response.headers,
      ...(maxLength === undefined ? {} : { 'tus-max-size': String(maxLength) }),
      ...(expiresAt === undefined ? {} : { 'upload-expires': expiresAt.toUTCString() }),
      'tus-resumable': VERSION,
    },
  }
}
