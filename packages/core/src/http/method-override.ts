import type { HttpRequest } from '../model/http.ts'

/** The request with the method of `X-HTTP-Method-Override`, for clients that cannot send PATCH (tus 1.0). */
export function withMethodOverride<Context>(request: HttpRequest<Context>): HttpRequest<Context> {
  const method = request.headers.get('x-http-method-override')?.trim().toUpperCase()
  if (method === undefined || method === '') return request
  // Field by field: the fields of a request may be getters of its class, which a spread does not copy.
  const { path, query, prefix, headers, body, signal, context, remoteAddress } = request
  const { inform, trailers } = request
  return {
    method,
    path,
    prefix,
    headers,
    body,
    signal,
    context,
    remoteAddress,
    ...(query === undefined ? {} : { query }),
    ...(inform === undefined ? {} : { inform }),
    ...(trailers === undefined ? {} : { trailers }),
  }
}
