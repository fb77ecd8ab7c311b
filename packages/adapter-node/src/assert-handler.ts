import type { RequestHandler } from '@tusker/core'

/**
 * Says at once what would show as a hanging or a missing page only: a plugin that was registered
 * without its options, or middleware that was used without calling it. Not all callers have types.
 *
 * @throws Error when this is no upload server, nor a layer around one
 */
export function assertHandler(handler: Partial<RequestHandler<never>> | undefined): void {
  if (typeof handler?.matches === 'function' && typeof handler.handle === 'function') return
  throw new Error('no upload server was given: pass what createUploadServer() returns')
}
