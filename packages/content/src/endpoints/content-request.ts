import type { HttpRequest } from '@tusker/core'
import type { ContentAccess, Principal } from '../access/access.ts'
import type { ContentRoute } from './content-routes.ts'

/** A request together with what is known about it. */
export interface ContentRequest<Context = unknown, Route extends ContentRoute = ContentRoute> {
  readonly request: HttpRequest<Context>
  readonly route: Route
  /** Who is asking, found out once. */
  principal(): Promise<Principal | null>
}

/** Puts a call together. Nobody is identified before somebody asks. */
export function contentRequestOf<Context, Route extends ContentRoute>(
  request: HttpRequest<Context>,
  route: Route,
  access: ContentAccess<Context>,
): ContentRequest<Context, Route> {
  let identified: Promise<Principal | null> | null = null
  return {
    request,
    route,
    principal() {
      identified ??= Promise.resolve(access.identify(request))
      return identified
    },
  }
}

/** The request as the upload server inside gets it: with the call for its hooks to look at. */
export function withContentContext<Context, Route extends ContentRoute>(
  call: ContentRequest<Context, Route>,
): HttpRequest<ContentRequest<Context, Route>> {
  // Field by field: an adapter's request may be an object whose fields are getters of its class.
  const { method, path, prefix, headers, body, signal, remoteAddress, inform, trailers } =
    call.request
  return {
    method,
    path,
    prefix,
    headers,
    body,
    signal,
    remoteAddress,
    context: call,
    ...(inform === undefined ? {} : { inform }),
    ...(trailers === undefined ? {} : { trailers }),
  }
}
