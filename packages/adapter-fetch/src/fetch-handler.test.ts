import type { HttpRequest, HttpResponse, RequestHandler } from '@tusker/core'
import { describe, expect, it } from 'vitest'
import { fetchHandler } from './index.ts'

/** A handler that keeps each request and returns the given response. */
function recorder(response: HttpResponse): {
  handler: RequestHandler
  requests: HttpRequest[]
} {
  const requests: HttpRequest[] = []
  return {
    requests,
    handler: {
      matches: (path) => path.startsWith('/files'),
      handle(request) {
        requests.push(request)
        return Promise.resolve(response)
      },
    },
  }
}

async function read(body: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of body) text += decoder.decode(chunk)
  return text
}

const URL_OF = (path: string): string => `http://host${path}`

it.each([
  [{ prefix: 'api' }, /fetchHandler: prefix must be a path such as '\/api'/],
  [{ onerror: () => {} }, /fetchHandler: there is no option `onerror`, did you mean `onError`\?/],
])('fetchHandler refuses the options %j', (options, message) => {
  const { handler } = recorder({ status: 204, headers: {} })
  expect(() => fetchHandler(handler, options as object)).toThrow(message)
})

describe('fetchHandler', () => {
  it('fetchHandler passes a request on with its path, headers, body and context', async () => {
    const { handler, requests } = recorder({ status: 204, headers: { 'upload-offset': '5' } })
    const request = new Request(URL_OF('/files/a?x=1'), {
      method: 'PATCH',
      headers: { 'Upload-Offset': '0' },
      body: 'hello',
    })
    const response = await fetchHandler(handler)(request, 'the context')

    const [seen] = requests
    expect(seen).toMatchObject({
      method: 'PATCH',
      path: '/files/a',
      prefix: '',
      context: 'the context',
    })
    expect(seen?.headers.get('upload-offset')).toBe('0')
    expect(await read(seen?.body ?? (Promise.reject(new Error('no body')) as never))).toBe('hello')
    expect(response.status).toBe(204)
    expect(response.headers.get('upload-offset')).toBe('5')
  })

  it('hooks of fetchHandler get the request itself when no context is passed', async () => {
    const { handler, requests } = recorder({ status: 200, headers: {} })
    const request = new Request(URL_OF('/files/a'))
    await fetchHandler(handler)(request)
    expect(requests[0]?.context).toBe(request)
  })

  it('fetchHandler removes the prefix from the path and passes it on', async () => {
    const { handler, requests } = recorder({ status: 200, headers: {} })
    const uploads = fetchHandler(handler, { prefix: '/api' })
    await uploads(new Request(URL_OF('/api/files/a')))
    expect(requests[0]).toMatchObject({ path: '/files/a', prefix: '/api' })
    for (const path of ['/files/a', '/apifiles/a', '/api']) {
      expect((await uploads(new Request(URL_OF(path)))).status, path).toBe(404)
    }
  })

  it('fetchHandler answers 404 for other paths', async () => {
    const { handler, requests } = recorder({ status: 200, headers: {} })
    expect((await fetchHandler(handler)(new Request(URL_OF('/other')))).status).toBe(404)
    expect(requests).toEqual([])
  })

  it('the error of fetchHandler names the cause when the body was read already', async () => {
    const { handler } = recorder({ status: 204, headers: {} })
    const request = new Request(URL_OF('/files/a'), { method: 'PATCH', body: 'hello' })
    await request.text()
    await expect(fetchHandler(handler)(request)).rejects.toThrow('was read before')
  })

  it('fetchHandler reports an unexpected error to onError and not to the client', async () => {
    const cause = new Error('the disk is full')
    const { handler } = recorder({ status: 500, headers: {}, cause })
    const reported: unknown[] = []
    const onError = (error: unknown, { url }: Request): void => void reported.push(error, url)
    const response = await fetchHandler(handler, { onError })(new Request(URL_OF('/files/a')))
    expect(await response.text()).toBe('')
    expect(reported).toEqual([cause, URL_OF('/files/a')])
  })

  it('the type of fetchHandler requires the context that hooks need', async () => {
    const { handler } = recorder({ status: 200, headers: {} })
    const uploads = fetchHandler<{ user: string }>(handler)
    // @ts-expect-error hooks would find no user
    await uploads(new Request(URL_OF('/files/a')))
    await uploads(new Request(URL_OF('/files/a')), { user: 'ada' })
  })

  it('fetchHandler streams a body and stops its source when the client disconnects', async () => {
    let stopped = false
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield await Promise.resolve(new Uint8Array(1_000))
      } finally {
        stopped = true
      }
    }
    const { handler } = recorder({ status: 200, headers: {}, body: endless() })
    const response = await fetchHandler(handler)(new Request(URL_OF('/files/a')))
    const reader = response.body?.getReader()
    expect((await reader?.read())?.value?.byteLength).toBe(1_000)
    await reader?.cancel()
    expect(stopped).toBe(true)
  })

  it.each([
    ['HEAD', 200],
    ['GET', 204],
    ['GET', 304],
  ])('fetchHandler sends no body for %s and %s', async (method, status) => {
    const { handler } = recorder({ status, headers: {}, body: 'text' })
    const response = await fetchHandler(handler)(new Request(URL_OF('/files/a'), { method }))
    expect(response.body).toBeNull()
    expect(response.headers.get('content-type')).toBeNull()
  })

  it('fetchHandler sends a status that only tus defines', async () => {
    const { handler } = recorder({ status: 460, headers: {}, body: 'no' })
    expect((await fetchHandler(handler)(new Request(URL_OF('/files/a')))).status).toBe(460)
  })
})
