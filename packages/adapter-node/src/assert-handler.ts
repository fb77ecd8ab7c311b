import type { RequestHandler } from '@tusker/core'

/**
 * Checks that a caller without types passed an upload server: a plugin can be registered without its
 * options, and middleware used without calling it. Without this check requests would hang.
 *
 * @throws TypeError when the value is neither an upload server nor a layer around one
 */
export function assertHandler(handler: Partial<RequestHandler<never>> | null | undefined): void {
  if (typeof handler?.matches === 'function' && typeof handler.handle === 'function') return
  throw new TypeError(
    'pass an upload server (see createUploadServer) or options with path and directory',
  )
}
