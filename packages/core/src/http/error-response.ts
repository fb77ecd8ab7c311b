import type { UploadError, UploadErrorCode } from '../model/error.ts'
import type { HttpRequest, HttpResponse } from '../model/http.ts'

/** The HTTP status of each code. 460 is the status of tus 1.0 for a wrong checksum. */
export const STATUS: Readonly<Record<UploadErrorCode, number>> = {
  malformed_request: 400,
  unsupported_version: 412,
  unsupported_media_type: 415,
  unsupported_method: 405,
  unsupported_extension: 400,
  unsupported_checksum: 400,
  checksum_mismatch: 460,
  offset_mismatch: 409,
  length_mismatch: 400,
  length_exceeded: 400,
  upload_complete: 400,
  invalid_part: 400,
  final_upload: 403,
  too_large: 413,
  not_found: 404,
  id_taken: 409,
  expired: 410,
  damaged: 410,
  bytes_removed: 410,
  // Clients retry after 423. After another 4xx they abandon the upload.
  busy: 423,
  interrupted: 423,
  request_timeout: 408,
  unauthenticated: 401,
  forbidden: 403,
  rejected: 422,
  rate_limited: 429,
  unavailable: 503,
  internal: 500,
}

/** Creates an error response: JSON `{ error: { type, code, message } }` if it is accepted, else text. */
export function errorResponse(
  request: Pick<HttpRequest, 'method' | 'headers'>,
  error: UploadError,
  status: number = STATUS[error.code],
): HttpResponse {
  const headers = { 'cache-control': 'no-store', ...error.headers }
  if (request.method === 'HEAD') return { status, headers }

  const json = acceptsJson(request.headers.get('accept'))
  return {
    status,
    headers: {
      ...headers,
      'content-type': json ? 'application/json' : 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
    },
    body: json
      ? JSON.stringify({
          error: {
            type: typeOf(error.code),
            code: error.code,
            message: error.message,
          },
        })
      : `${error.code}: ${error.message}\n`,
  }
}

function typeOf(code: UploadErrorCode): string {
  return code.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

const JSON_RANGES = new Set(['application/json', 'application/*', '*/*'])

function acceptsJson(accept: string | null): boolean {
  if (accept === null) return true
  return accept.split(',').some((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    return (
      JSON_RANGES.has(type) && !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter))
    )
  })
}
