import type { HttpRequest } from '@tusker/core'
import { requestWith } from '@tusker/core'
import type { ContentAccess, Principal } from '../access/access.ts'
import type { ContentRoute } from './content-routes.ts'

/** A request, with its route and its user. */
export interface ContentRequest<Context = unknown, Route extends ContentRoute = ContentRoute> {
  readonly request: HttpRequest<Context>
  readonly route: Route
  /** The requesting user. The first call identifies the user, and later calls return the same. */
  principal(): Promise<Principal | null>
}

/** Creates a call. It identifies the user only when `principal` is first called. */
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

/** The request for the inner upload server, with the call for its hooks. */
export function withContentContext<Context, Route extends ContentRoute>(
  call: ContentRequest<Context, Route>,
): HttpRequest<ContentRequest<Context, Route>> {
  return requestWith(call.request, { context: call })
}
