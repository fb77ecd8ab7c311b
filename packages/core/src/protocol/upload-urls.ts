import type { HttpRequest } from '../model/http.ts'
import type { Target } from './protocol.ts'
import type { UploadRoute, UploadRoutes } from '../http/routes.ts'
import type { UrlPolicy } from '../http/urls.ts'

/** The resource that a request names, and the functions that build URLs for its client. */
export function targetOf(
  request: HttpRequest,
  route: UploadRoute,
  routes: UploadRoutes,
  urls: UrlPolicy,
): Target {
  return {
    id: route.id,
    urlOf: (id) => urls.locate(request, `${route.collection}/${id}`),
    locate: (location) => urls.locate(request, location),
    idOf(url) {
      const path = urls.localPath(request, url)
      return path === null ? null : (routes.match(path)?.id ?? null)
    },
  }
}
