import type { HttpRequest, HttpResponse, RequestHandler } from '@tusker/core'
import type { ProgressEvent } from '../progress/progress-event.ts'

/** Reports each response with a status from 400 on, so that an operator sees what clients are refused. */
export function reportRefusals<Context>(
  handler: RequestHandler<Context>,
  report: (event: ProgressEvent) => void,
): RequestHandler<Context> {
  return {
    matches: (path) => handler.matches(path),
    async handle(request) {
      const response = await handler.handle(request)
      if (response.status >= 400) report(refusalOf(request, response))
      return response
    },
  }
}

function refusalOf(
  { method, path }: HttpRequest,
  { status, body }: HttpResponse,
): Extract<ProgressEvent, { kind: 'refused' }> {
  return { kind: 'refused', method, path, status, code: codeIn(body) }
}

/** An error response is JSON or text, as the client accepts, with the code in it. HEAD has no body. */
function codeIn(body: HttpResponse['body']): string {
  if (typeof body !== 'string') return ''
  const [, inJson, inText] = /"code":"(\w+)"|^(\w+): /.exec(body) ?? []
  return inJson ?? inText ?? ''
}
