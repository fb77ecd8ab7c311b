import type { HttpRequest, HttpResponse } from '@tusker/core'
import { isUploadError, errorResponse, UploadError } from '@tusker/core'
import type { ContentRoute } from './content-routes.ts'

/** Responds to a failed request. Reports an unexpected error, and hides its details from the client. */
export function contentErrorResponse(
  request: HttpRequest,
  route: ContentRoute | null,
  error: unknown,
  report: (error: unknown) => void,
): HttpResponse {
  if (isUploadError(error)) return refused(request, route, error)
  report(error)
  const hidden = new UploadError('internal', 'something went wrong on the server, try again')
  return { ...refused(request, route, hidden), cause: error }
}

function refused(
  request: HttpRequest,
  route: ContentRoute | null,
  error: UploadError,
): HttpResponse {
  const response = errorResponse(request, error)
  if (route?.kind !== 'upload') return response
  // After any response to HEAD other than 2xx and 423, tus clients abandon their upload.
  const passing = response.status >= 500 || response.status === 429
  return {
    ...response,
    status: request.method === 'HEAD' && passing ? 423 : response.status,
    headers: { ...response.headers, 'tus-resumable': '1.0.0' },
  }
}
