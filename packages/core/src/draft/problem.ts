import type { UploadEngine } from '../engine/engine.ts'
import { STATUS } from '../http/error-response.ts'
import type { UploadError, UploadErrorCode } from '../model/error.ts'
import type { HeaderFields, HttpRequest, HttpResponse } from '../model/http.ts'
import { countField, versionOf, writeComplete } from './fields.ts'
import type { CheckedLimits } from './limits.ts'
import { limitFields } from './limits.ts'

/**
 * The status of each code in the draft. Some differ from tus, because clients of the draft abandon an upload
 * after 4xx and retry after 5xx.
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

/** Creates the error response to a request, as a problem of RFC 9457. */
export function problemResponse(
  request: HttpRequest,
  error: UploadError,
  engine: UploadEngine<never>,
  limits: CheckedLimits,
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
      ...limitFields(engine, limits, version, null, error.maxLength),
      ...stateOf(request, error),
      'content-type': 'application/problem+json',
      'x-content-type-options': 'nosniff',
    },
    body: JSON.stringify(problem(request, error, status)),
  }
}

/** The upload is complete only if the application rejected it: then the error is its final response. */
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
