import type { HttpRequest, HttpResponse, RequestHandler } from '@tusker/core'
import { UploadError } from '@tusker/core'
import { refusing } from '../http/refusing.ts'
import { isOfPage } from '../session/same-origin.ts'

/** Responds to a request that no other part of the demo handles. */
export const unknownPath: RequestHandler = {
  matches: () => true,
  handle: refusing(() => {
    throw new UploadError('not_found', 'nothing is served at this path')
  }),
}

/**
 * Responds with an HTML page, instead of JSON or text, to a person whose browser opens the address
 * of something that is not there, or of the endpoint for tus clients.
 *
 * @param publicUrl the root URL as browsers see it, if it differs from that of the requests
 */
export function withErrorPages(
  handler: RequestHandler,
  publicUrl: string | undefined,
): RequestHandler {
  return {
    matches: (path) => handler.matches(path),
    async handle(request) {
      const response = await handler.handle(request)
      const text = isNavigation(request) ? textFor(request, response) : null
      if (text === null) return response
      const home =
        publicUrl === undefined
          ? `${request.prefix}/`
          : `${new URL(publicUrl).pathname.replace(/\/$/, '')}/`
      return pageInPlaceOf(response, request, pageOf(text, home))
    },
  }
}

interface Text {
  readonly status: number
  readonly title: string
  readonly text: string
}

function textFor({ path }: HttpRequest, { status }: HttpResponse): Text | null {
  if (status < 400) return null
  if (/^\/files\/?$/.test(path))
    return {
      status: 200,
      title: 'An endpoint for tus clients',
      text: 'Any client for resumable uploads over tus 1.0 can send files to this address. It has no page of its own: sign in to the file manager to upload files in the browser.',
    }
  if (status === 401)
    return { status, title: 'Sign in first', text: 'You need to sign in to open this address.' }
  if (status === 403)
    return { status, title: 'No access', text: 'You do not have permission to open this address.' }
  if (status === 404 || status === 410)
    return {
      status,
      title: 'Page not found',
      text: 'Nothing is at this address. It may have been deleted, or the address is wrong.',
    }
  if (status >= 500)
    return {
      status,
      title: 'Something went wrong',
      text: 'The server could not respond. Try again in a moment. If it keeps happening, contact the administrator.',
    }
  return {
    status,
    title: 'This address is not for browsers',
    text: 'It is part of the API for clients.',
  }
}

/** Whether a person opens the address in a browser. */
function isNavigation(request: HttpRequest): boolean {
  const { method, headers } = request
  if ((method !== 'GET' && method !== 'HEAD') || isOfPage(request)) return false
  return (headers.get('accept') ?? '').toLowerCase().includes('text/html')
}

function pageInPlaceOf(
  { headers, cause }: HttpResponse,
  { method }: HttpRequest,
  { status, body }: { readonly status: number; readonly body: string },
): HttpResponse {
  const challenge = headers['www-authenticate']
  const fields = {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'",
    'x-content-type-options': 'nosniff',
    ...(challenge === undefined ? {} : { 'www-authenticate': challenge }),
  }
  const page = { status, headers: fields, ...(cause === undefined ? {} : { cause }) }
  return method === 'HEAD' ? page : { ...page, body }
}

function pageOf(text: Text, home: string): { readonly status: number; readonly body: string } {
  const body = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${text.title} – Tusker</title>
<style>
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
main { max-width: 32rem; margin: 20vh auto 0; padding: 0 1.5rem; }
</style>
<main>
<h1>${text.title}</h1>
<p>${text.text}
<p><a href="${escaped(home)}">Go to your files</a>
</main>
`
  return { status: text.status, body }
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
