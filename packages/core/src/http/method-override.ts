import type { HttpRequest } from '../model/http.ts'
import { requestWith } from '../model/http.ts'

/** The request with the method of `X-HTTP-Method-Override`, for clients that cannot send PATCH (tus 1.0). */
export function withMethodOverride<Context>(request: HttpRequest<Context>): HttpRequest<Context> {
  const method = request.headers.get('x-http-method-override')?.trim().toUpperCase()
  return method === undefined || method === '' ? request : requestWith(request, { method })
}
