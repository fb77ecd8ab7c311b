import type { UploadEngine } from '../engine/engine.ts'
import { STATUS } from '../http/error-response.ts'
import type { UploadError, UploadErrorCode } from '../model/error.ts'
import type { HeaderFields, HttpRequest, HttpResponse } from '../model/http.ts'
import { countField, versionOf, writeComplete } from './fields.ts'
import type { RequestLimits } from './limits.ts'
import { limitFields } from './limits.ts'

/**
 * What the codes mean here, where it is not what they mean elsewhere. Clients of the draft give an upload
 * up after 4xx, and come back after 5xx.
 */
const DRAFT_STATUS: Readonly<Record<UploadErrorCode, number>> = {
  ...STATUS,
  checksum_mismatch: 400,
  busy: 503,
  interrupted: 503,
}

const REGISTRY = 'https://iana.org/assignments/http-problem-types#'
const TYPES: Readonly<Partial<Record<UploadErrorCode, string>>> = {
  offset_mismatch: `${REGISTRY}mismatching-upload-offset`,
  length_mismatch: `${REGISTRY}inconsistent-upload-length`,
  length_exceeded: `${REGISTRY}inconsistent-upload-length`,
  upload_complete: `${REGISTRY}completed-upload`,
}

/** Answers a request that could not be served, as a problem of RFC 9457. */
export function problemResponse<Context>(
  request: HttpRequest<Context>,
  error: UploadError,
  engine: UploadEngine<Context>,
  limits: RequestLimits,
): HttpResponse {
  const version = versionOf(request)
  const status = DRAFT_STATUS[error.code]
  const headers = { 'cache-control': 'no-store', ...error.headers }
  if (request.method === 'HEAD') {
    const isPassing = status >= 500 || status === 429
    return { status: isPassing ? version.tryAgain : status, headers }
  }
  return {
    status,
    headers: {
      ...headers,
      ...limitFields(engine, limits, version),
      ...stateOf(request, error),
      'content-type': 'application/problem+json',
      'x-content-type-options': 'nosniff',
    },
    body: JSON.stringify(problem(request, error, status)),
  }
}

/** Only the rejection of a whole upload is a word of the resource that it was meant for. */
function stateOf(
  request: Pick<HttpRequest, 'method' | 'headers'>,
  error: UploadError,
): HeaderFields {
  const { actualOffset, code } = error
  return {
    ...(request.method === 'GET' || request.method === 'DELETE'
      ? {}
      : writeComplete(code === 'rejected', versionOf(request))),
    ...(actualOffset === undefined ? {} : { 'upload-offset': String(actualOffset) }),
  }
}

function problem(
  { headers }: Pick<HttpRequest, 'headers'>,
  { code, message, actualOffset }: UploadError,
  status: number,
): Readonly<Record<string, unknown>> {
  return {
    type: TYPES[code] ?? 'about:blank',
    title: code.replaceAll('_', ' '),
    status,
    detail: message,
    code,
    ...(actualOffset === undefined
      ? {}
      : {
          'expected-offset': actualOffset,
          'provided-offset': countField(headers, 'upload-offset'),
        }),
  }
}
