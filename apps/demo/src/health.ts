import type { RequestHandler } from '@tusker/core'
import { assertMethod, refusing } from './http/refusing.ts'

/** `/health`: reports that the demo is running. */
export const health: RequestHandler = {
  matches: (path) => path === '/health',
  handle: refusing((request) => {
    assertMethod(request, 'GET', 'HEAD')
    const headers = { 'content-type': 'text/plain', 'cache-control': 'no-cache' }
    return { status: 200, headers, ...(request.method === 'HEAD' ? {} : { body: 'ok\n' }) }
  }),
}
