import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { IncomingHttpHeaders } from 'node:http'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Demo } from './support/demo-process.ts'
import { startDemo } from './support/demo-process.ts'

let demo: Demo
beforeAll(async () => {
  const settings = { CORS_ORIGIN: 'https://app.example', CORS_HEADERS: 'traceparent, x-tenant' }
  demo = await startDemo(settings)
}, 60_000)
afterAll(() => demo?.dispose())

describe('the demo', () => {
  it('takes a head of 60 KiB, as a final upload of many parts has', async () => {
    const fields = {
      'tus-resumable': '1.0.0',
      'upload-concat': `final;${'/files/a '.repeat(6_600)}/files/a`,
    }
    const response = await fetch(`${demo.url}/files`, { method: 'POST', headers: fields })
    expect(response.status).toBe(400)
  })

  it('keeps a quiet connection for more than a minute', async () => {
    const field = await new Promise<string | undefined>((resolve, reject) => {
      const headers = { connection: 'keep-alive' }
      request(`${demo.url}/health`, { headers }, (response) => {
        response.resume()
        resolve(String(response.headers['keep-alive']))
      })
        .on('error', reject)
        .end()
    })
    expect(field).toBe('timeout=75')
  })

  it.each(['/files', '/content/@tus-upload'])(
    'lets pages send the fields of CORS_HEADERS to %s',
    async (path) => {
      const headers = {
        origin: 'https://app.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'traceparent',
      }
      const response = await fetch(demo.url + path, { method: 'OPTIONS', headers })
      const allowed = response.headers.get('access-control-allow-headers')?.toLowerCase()
      expect(allowed).toContain('traceparent')
      expect(allowed).toContain('x-tenant')
    },
  )
})

/** The status and the fields of a response to a request with a `Host` of its own. */
function answerTo(
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ status: number; fields: IncomingHttpHeaders }> {
  return new Promise((resolve, reject) => {
    request(demo.url + path, { headers }, (response) => {
      response.resume()
      resolve({ status: response.statusCode ?? 0, fields: response.headers })
    })
      .on('error', reject)
      .end()
  })
}

describe('the demo refuses', () => {
  it('a head that is too long with CORS fields, so that a page learns the reason', async () => {
    const headers = { origin: 'https://app.example', 'x-long': 'x'.repeat(80_000) }
    const { status, fields } = await answerTo('/files', headers)
    expect(status).toBe(431)
    expect(fields['access-control-allow-origin']).toBe('https://app.example')
  })

  it('a host name that another site has pointed to this machine', async () => {
    const port = new URL(demo.url).port
    expect((await answerTo('/', { host: `evil.example:${port}` })).status).toBe(421)
    expect((await answerTo('/content', { host: 'evil.example' })).status).toBe(421)
    expect((await answerTo('/health', { host: `localhost:${port}` })).status).toBe(200)
  })
})

describe('the demo over a directory that it cannot use', () => {
  it.each([
    ['DATA_DIR', 'content', {}],
    ['DATA_DIR', 'files', {}],
    ['TUS_TMP_FILE_DIR', 'parts', { TUS_TMP_FILE_DIR: 'parts' }],
  ])(
    'does not start, and names %s for "%s"',
    async (variable, name, settings) => {
      const directory = await mkdtemp(join(tmpdir(), 'tusker-demo-'))
      try {
        await mkdir(directory, { recursive: true })
        await writeFile(join(directory, name), 'a file in its place')
        const more = Object.fromEntries(
          Object.keys(settings).map((key) => [key, join(directory, name)]),
        )
        await expect(startDemo({ DATA_DIR: directory, ...more })).rejects.toThrow(
          `${variable}: cannot write to`,
        )
      } finally {
        await rm(directory, { recursive: true, force: true })
      }
    },
    60_000,
  )
})
