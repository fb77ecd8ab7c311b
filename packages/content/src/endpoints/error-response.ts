import type { HttpRequest, HttpResponse, UploadServer } from '@tusker/core'
import { errorResponse, isUploadError, UploadError } from '@tusker/core'
import type { ContentRoute } from './content-routes.ts'

/** The parts of a server that respond to a failed request. */
export interface ErrorResponses {
  /** Gives an error the form of the protocol that a request speaks. */
  readonly refuse: UploadServer['refuse']
  report(error: unknown): void
}

/**
 * Responds to a failed request. An unexpected error is reported, and its details are hidden from the
 * client. A request for uploads gets the error in the form of its protocol, and so does a request of
 * such a protocol at a path that no content can have.
 */
export function contentErrorResponse(
  request: HttpRequest,
  route: ContentRoute | null,
  error: unknown,
  { refuse, report }: ErrorResponses,
): HttpResponse {
  const respond = route === null || route.kind === 'upload' ? refuse : errorResponse
  if (isUploadError(error)) return respond(request, error)
  report(error)
  const hidden = new UploadError('internal', 'something went wrong on the server, try again')
  return { ...respond(request, hidden), cause: error }
}
