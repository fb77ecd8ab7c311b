import type { HttpResponse } from '@tusker/core'
import { UploadError } from '@tusker/core'
import type { ContentRequest } from './content-request.ts'
import type { ContentRoute } from './content-routes.ts'
import { addContainer, removeContent } from './change-content.ts'
import { readContent } from './read-content.ts'
import type { Ports } from '../ports.ts'

type Route = Exclude<ContentRoute, { readonly kind: 'upload' }>

/** Responds to a request that is not about uploads. */
export async function answerContent<Context>(
  ports: Ports<Context>,
  call: ContentRequest<Context, Route>,
): Promise<HttpResponse> {
  const { request, route } = call
  const { method } = request
  const allow = route.kind === 'object' ? 'GET, HEAD, POST, DELETE, OPTIONS' : 'GET, HEAD, OPTIONS'
  if (method === 'OPTIONS') return { status: 204, headers: { allow } }
  if (method === 'GET' || method === 'HEAD') return readContent(ports, call)
  if (route.kind === 'object') {
    const changing = { ...call, route }
    if (method === 'POST') return addContainer(ports, changing)
    if (method === 'DELETE') return removeContent(ports, changing)
  }
  throw new UploadError('unsupported_method', `${method} is not possible here`, {
    headers: { allow },
  })
}
