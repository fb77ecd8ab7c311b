import type { HttpRequest, HttpResponse } from '@tusker/core'
import { isUploadError, errorResponse, UploadError } from '@tusker/core'

/** Turns errors that `answer` throws into error responses. */
export function refusing(
  answer: (request: HttpRequest) => HttpResponse | Promise<HttpResponse>,
): (request: HttpRequest) => Promise<HttpResponse> {
  return async (request) => {
    try {
      return await answer(request)
    } catch (error) {
      if (isUploadError(error)) return errorResponse(request, error)
      const hidden = new UploadError('internal', 'something went wrong on the server, try again')
      return { ...errorResponse(request, hidden), cause: error }
    }
  }
}

/**
 * Rejects all other methods.
 *
 * @throws UploadError `unsupported_method`
 */
export function assertMethod({ method }: HttpRequest, ...possible: readonly string[]): void {
  if (possible.includes(method)) return
  throw new UploadError('unsupported_method', `${method} is not possible here`, {
    headers: { allow: possible.join(', ') },
  })
}
