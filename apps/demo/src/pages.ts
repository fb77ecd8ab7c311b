import type { RequestHandler } from '@tusker/core'
import { refusal, UploadError } from '@tusker/core'

const WELCOME = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Tusker</title>
<style>
  :root { color-scheme: light dark }
  body { font: 1rem/1.5 system-ui, sans-serif; max-width: 36rem; margin: 4rem auto; padding: 0 1rem }
  code { font-size: .95em }
  dt { margin-top: 1rem; font-weight: 600 }
  dd { margin: 0 }
</style>
<h1>Tusker</h1>
<p>Resumable uploads over tus 1.0. Two places take them here:
<dl>
  <dt><a href="/content/">/content</a>
  <dd>A tree of folders and files, for whoever signs in. Upload to <code>{folder}/@tus-upload</code>,
    replace through <code>{file}/@tus-replace</code>.
  <dt><code>/files/</code>
  <dd>A plain endpoint for any tus client. A completed upload is downloaded from its own URL.
</dl>
`

/** What the demo serves besides uploads: a page that says where they go, and its health. */
export const pages: RequestHandler = {
  matches: (path) => path === '/' || path === '/health',
  handle(request) {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      const headers = { allow: 'GET, HEAD' }
      const message = `${request.method} is not possible here`
      const error = new UploadError('unsupported_method', message, { headers })
      return Promise.resolve(refusal(request, error))
    }
    const [type, body] =
      request.path === '/' ? ['text/html; charset=utf-8', WELCOME] : ['text/plain', 'ok\n']
    const headers = { 'content-type': type, 'cache-control': 'no-cache' }
    return Promise.resolve({ status: 200, headers, ...(request.method === 'HEAD' ? {} : { body }) })
  },
}
