import type { HttpRequest } from '../model/http.ts'

/** The request with the method of `X-HTTP-Method-Override`, which clients use that cannot send PATCH (tus 1.0). */
export function withMethodOverride<Context>(request: HttpRequest<Context>): HttpRequest<Context> {
  const method = request.headers.get('x-http-method-override')?.trim().toUpperCase()
  if (method === undefined || method === '') return request
  // Field by field: an adapter's request may be an object whose fields are getters of its class.
  const { path, prefix, headers, body, signal, context, remoteAddress, inform, trailers } = request
  return {
    method,
    path,
    prefix,
    headers,
    body,
    signal,
    context,
    remoteAddress,
    ...(inform === undefined ? {} : { inform }),
    ...(trailers === undefined ? {} : { trailers }),
  }
}
