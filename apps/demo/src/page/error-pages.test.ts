import type { HttpRequest, HttpResponse, RequestHandler } from '@tusker/core'
import { describe, expect, it } from 'vitest'
import { unknownPath, withErrorPages } from './error-pages.ts'

const BROWSER = {
  accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-site': 'none',
}

function requestOf(
  path: string,
  fields: Readonly<Record<string, string>>,
  more: Partial<HttpRequest> = {},
): HttpRequest {
  return {
    method: 'GET',
    path,
    prefix: '',
    headers: { get: (name: string) => fields[name] ?? null },
    body: null,
    signal: new AbortController().signal,
    context: undefined,
    remoteAddress: null,
    ...more,
  } as unknown as HttpRequest
}

function responding(response: HttpResponse): RequestHandler {
  return { matches: () => true, handle: () => Promise.resolve(response) }
}

describe('a browser that opens an address', () => {
  it('gets a page with a way home for an unknown path', async () => {
    const page = await withErrorPages(unknownPath, undefined).handle(requestOf('/none', BROWSER))
    expect(page.status).toBe(404)
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
    expect(page.body).toContain('Page not found')
    expect(page.body).toContain('<a href="/">')
  })

  it('gets the way home below the path at which people see the demo', async () => {
    const mounted = requestOf('/none', BROWSER, { prefix: '/a"b' })
    const page = await withErrorPages(unknownPath, undefined).handle(mounted)
    expect(page.body).toContain('<a href="/a&#34;b/">')
    const proxied = withErrorPages(unknownPath, 'https://example.com/app')
    expect((await proxied.handle(requestOf('/none', BROWSER))).body).toContain('<a href="/app/">')
  })

  it('gets a page about the endpoint for tus clients', async () => {
    const handler = withErrorPages(responding({ status: 412, headers: {} }), undefined)
    const page = await handler.handle(requestOf('/files/', BROWSER))
    expect(page.status).toBe(200)
    expect(page.body).toContain('An endpoint for tus clients')
  })

  it('is still asked for a password', async () => {
    const headers = { 'www-authenticate': 'Basic realm="content"', 'content-type': 'x/y' }
    const handler = withErrorPages(responding({ status: 401, headers }), undefined)
    const page = await handler.handle(requestOf('/content/a', BROWSER))
    expect(page.status).toBe(401)
    expect(page.headers['www-authenticate']).toBe('Basic realm="content"')
  })

  it('gets no body in response to HEAD', async () => {
    const page = await withErrorPages(unknownPath, undefined).handle(
      requestOf('/none', BROWSER, { method: 'HEAD' }),
    )
    expect([page.status, page.body]).toEqual([404, undefined])
  })

  it('gets every response that is no error as it is', async () => {
    const found: HttpResponse = { status: 200, headers: {}, body: 'text' }
    const handler = withErrorPages(responding(found), undefined)
    expect(await handler.handle(requestOf('/content', BROWSER))).toBe(found)
  })
})

describe('a client that is not a browser opening an address', () => {
  it.each([
    ['a tus client', {}],
    ['a client that takes JSON', { accept: 'application/json' }],
    ['a script of the page', { ...BROWSER, 'x-requested-with': 'XMLHttpRequest' }],
  ])('gets JSON or text: %s', async (_, fields) => {
    const response = await withErrorPages(unknownPath, undefined).handle(requestOf('/none', fields))
    expect(response.status).toBe(404)
    expect(response.headers['content-type']).not.toContain('html')
  })
})
