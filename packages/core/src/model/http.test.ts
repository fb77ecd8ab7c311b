import { expect, it } from 'vitest'
import type { HttpRequest } from './http.ts'
import { requestWith } from './http.ts'

/** Like the request of an adapter: its fields are getters that read private state. */
class HostRequest implements HttpRequest<string> {
  readonly #body = (async function* () {})()
  get method(): string {
    return 'POST'
  }
  get path(): string {
    return '/files'
  }
  get query(): string {
    return 'a=1'
  }
  get prefix(): string {
    return '/api'
  }
  get headers(): Headers {
    return new Headers({ name: 'value' })
  }
  get body(): AsyncIterable<Uint8Array> {
    return this.#body
  }
  get signal(): AbortSignal {
    return new AbortController().signal
  }
  get context(): string {
    return 'theirs'
  }
  get remoteAddress(): string {
    return '127.0.0.1'
  }
  readonly inform = (): void => {}
  readonly trailers = (): Promise<Headers> => Promise.resolve(this.headers)
}

it('a request with changes keeps every other field, also those that are getters of a class', () => {
  const request = new HostRequest()
  const changed = requestWith(request, { method: 'PATCH', context: { user: 'alice' } })
  expect(changed).toMatchObject({ method: 'PATCH', context: { user: 'alice' } })
  expect(changed).toMatchObject({ path: '/files', query: 'a=1', prefix: '/api' })
  expect(changed.headers.get('name')).toBe('value')
  expect(changed.body).toBe(request.body)
  expect(changed.remoteAddress).toBe('127.0.0.1')
  expect(changed.inform).toBe(request.inform)
  expect(changed.trailers).toBe(request.trailers)
})

it('a field that a host does not have is absent after a change as well', () => {
  const { signal, body, headers, path, prefix } = new HostRequest()
  const plain = { method: 'GET', path, prefix, headers, body, signal, context: null }
  const changed = requestWith({ ...plain, remoteAddress: null }, { path: '/other' })
  expect(Object.keys(changed)).not.toContain('query')
  expect(Object.keys(changed)).not.toContain('inform')
  expect(changed.path).toBe('/other')
})
