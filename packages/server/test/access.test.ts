import type { IncomingHttpHeaders } from 'node:http'
import { request } from 'node:http'
import { expect, it } from 'vitest'
import { create } from './support/client.ts'
import { run, scratch } from './support/server-process.ts'

const TUS = { 'tus-resumable': '1.0.0', 'upload-length': '1' }
const RIGHT = `Basic ${btoa('ada:se:cret')}`

it('tusker-server accepts the password or the token and refuses everything else', async () => {
  const env = { TUSKER_USER: 'ada:se:cret', TUSKER_TOKEN: 'abc' }
  const server = run([await scratch(), '--port', '0'], { env })
  const endpoint = await server.url()
  const upload = await create(endpoint, 1, 'a', { authorization: RIGHT })
  await create(endpoint, 1, 'b', { authorization: 'bearer  abc' })

  const presented = [
    undefined,
    `Basic ${btoa('ada:secret')}`,
    `Basic ${btoa('bob:se:cret')}`,
    'Bearer abcd',
    'Basic abc',
    '',
  ]
  for (const authorization of presented) {
    const headers = { ...TUS, ...(authorization === undefined ? {} : { authorization }) }
    for (const [method, url] of [
      ['POST', endpoint],
      ['HEAD', upload],
      ['PATCH', upload],
      ['GET', upload],
      ['DELETE', upload],
    ] as const) {
      const answer = await fetch(url, { method, headers })
      expect([method, answer.status]).toEqual([method, 401])
      expect(answer.headers.get('www-authenticate')).toMatch(/^Basic .*, Bearer /)
    }
  }
})

it('tusker-server requires the token for a method in X-HTTP-Method-Override', async () => {
  const server = run([await scratch(), '--port', '0', '--token', 'abc', '--cors-origin', '*'])
  const endpoint = await server.url()
  const answer = await fetch(endpoint, {
    method: 'OPTIONS',
    headers: { ...TUS, 'x-http-method-override': 'POST' },
  })
  expect(answer.status).toBe(401)
})

it('tusker-server answers a preflight without credentials and adds CORS fields to refusals', async () => {
  const origin = 'https://app.example'
  const server = run([await scratch(), '--port', '0', '--token', 'abc', '--cors-origin', origin])
  const endpoint = await server.url()
  const preflight = await fetch(endpoint, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST' },
  })
  expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([
    204,
    origin,
  ])
  const refused = await fetch(endpoint, { method: 'POST', headers: { ...TUS, origin } })
  expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([
    401,
    origin,
  ])
})

it('tusker-server warns when it listens on a network without credentials', async () => {
  const open = run([await scratch(), '--port', '0', '--host', '0.0.0.0'])
  await open.untilPrinted(
    /Warning: anyone who can reach this port may upload; see --user and --token/,
  )
  const closed = run([await scratch(), '--port', '0', '--host', '0.0.0.0', '--token', 'a'])
  await closed.url()
  expect(closed.printed()).not.toContain('Warning')
})

it('tusker-server allows the request headers of --cors-header in a preflight', async () => {
  const origin = 'https://app.example'
  const flags = ['--cors-origin', origin, '--cors-header', 'traceparent,X-Team']
  const server = run([await scratch(), '--port', '0', ...flags])
  const preflight = await fetch(await server.url(), {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'traceparent',
    },
  })
  expect(preflight.headers.get('access-control-allow-headers')).toMatch(/traceparent, ?X-Team/i)
})

/** The status and the fields of a response to a request with a `Host` of its own. */
function answerTo(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ status: number; fields: IncomingHttpHeaders }> {
  return new Promise((resolve, reject) => {
    request(url, { method: 'OPTIONS', headers }, (response) => {
      response.resume()
      resolve({ status: response.statusCode ?? 0, fields: response.headers })
    })
      .on('error', reject)
      .end()
  })
}

it('tusker-server refuses a head that is too long with CORS fields', async () => {
  const origin = 'https://app.example'
  const server = run([await scratch(), '--port', '0', '--cors-origin', origin])
  const { status, fields } = await answerTo(await server.url(), { 'x-long': 'x'.repeat(80_000) })
  expect([status, fields['access-control-allow-origin']]).toEqual([431, origin])
})

it.each<[string[], string, number]>([
  [[], 'evil.example', 421],
  [[], 'localhost:1080', 204],
  [['--allowed-hosts', 'files.example'], 'files.example', 204],
  [['--public-url', 'https://files.example/up'], 'evil.example', 421],
  [['--trusted-proxies', '127.0.0.1'], 'files.example', 204],
])('tusker-server with %j responds to a request for %s with %i', async (flags, host, expected) => {
  const server = run([await scratch(), '--port', '0', ...flags])
  expect((await answerTo(await server.url(), { host })).status).toBe(expected)
})

it('tusker-server says at its root where uploads are created', async () => {
  const server = run([await scratch(), '--port', '0', '--path', 'up'])
  const endpoint = await server.url()
  const root = await fetch(new URL('/', endpoint))
  expect(root.status).toBe(200)
  expect(await root.text()).toContain(`curl -i ${endpoint} `)
  expect((await fetch(new URL('/other', endpoint))).status).toBe(404)
})
