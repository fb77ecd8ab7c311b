import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import type { Server } from 'node:http'
import { createServer, request } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import type * as tus from 'tus-js-client'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hasBrowser } from './support/browser.ts'
import { SIGNED_IN } from './support/demo-process.ts'
import { sha256OfUrl } from './support/files.ts'
import type { PageTests } from './support/page.ts'
import { item, PAGE_TIME, pageTests, reached, upload } from './support/page.ts'

/** The result of an upload in the browser. */
type Uploaded = { location: string | null; digest: string; resumed: boolean }

/** Where uploads are created, and the credentials of the client. */
type UploadTarget = { endpoint: string; headers: Readonly<Record<string, string>> }

describe.skipIf(!hasBrowser)('a demo below a path of another server', PAGE_TIME, () => {
  let site: Server
  let proxy: Server
  let tests: PageTests
  /** The root of the demo as browsers see it. */
  let url: string

  beforeAll(async () => {
    site = await serveClient()
    proxy = createServer((req, res) => {
      const path = req.url?.replace(/^\/app/, '')
      const { method, headers } = req
      const inner = request({ port: tests.demo.port, path, method, headers }, (answer) => {
        res.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(res)
      })
      inner.on('error', () => res.destroy())
      req.pipe(inner)
    }).listen(0, '127.0.0.1')
    await once(proxy, 'listening')
    url = `http://127.0.0.1:${portOf(proxy)}/app`
    tests = await pageTests({ settings: { PUBLIC_URL: url, CORS_ORIGIN: originOf(site) } })
  }, PAGE_TIME.timeout)

  beforeEach(() => tests.clear())
  afterEach((context) => tests?.endVisits(context))
  afterAll(async () => {
    await tests?.end()
    for (const server of [site, proxy]) {
      server?.closeAllConnections()
      server?.close()
    }
  })

  it('has a page that uploads and lists files', async () => {
    const path = join(tests.directory, 'below.txt')
    await writeFile(path, 'below')
    const { page } = await tests.visit({ url })
    await upload(page, path)
    await reached(page, 'below.txt', 'completed')
    await page.reload()
    await item(page, 'below.txt').waitFor()
  })

  it('shows a page with a way home at an unknown address', async () => {
    const { page } = await tests.visit({ url })
    await page.goto(`${url}/content/none`)
    await page.getByRole('heading', { name: 'Page not found' }).waitFor()
    await page.goto(`${url}/files/`)
    await page.getByRole('heading', { name: 'An endpoint for tus clients' }).waitFor()
    await page.goto(`${url}/no/such/page`)
    await page.getByRole('heading', { name: 'Page not found' }).waitFor()
    await page.getByRole('link', { name: 'Go to your files' }).click()
    await page.getByRole('heading', { level: 1, name: 'Files' }).waitFor()
  })

  /** A page of another origin, with tus-js-client. */
  async function otherSite(): Promise<Page> {
    const context = await tests.browser.newContext()
    const page = await context.newPage()
    await page.goto(originOf(site))
    return page
  }

  it('lets tus-js-client on another origin upload, pause and resume, and reports the URL', async () => {
    const page = await otherSite()
    const uploaded = await page.evaluate(uploadInPage, {
      endpoint: `${url}/content/@tus-upload`,
      headers: SIGNED_IN,
    })
    await page.context().close()
    expect(uploaded.resumed).toBe(true)
    expect(uploaded.location).toBe(`${url}/content/%E4%B8%96%E7%95%8C.bin`)
    expect(await sha256OfUrl(uploaded.location ?? '', SIGNED_IN)).toBe(uploaded.digest)
  })

  it('lets fetch on another origin upload by Resumable Uploads for HTTP', async () => {
    const page = await otherSite()
    const uploaded = await page.evaluate(fetchInPage, {
      endpoint: `${url}/content/@tus-upload`,
      headers: SIGNED_IN,
    })
    await page.context().close()
    expect(uploaded).toMatchObject({
      offsets: [1_000_000, 2_000_000],
      statuses: [201, 201, 204, 201],
    })
    for (const location of uploaded.locations) {
      expect(await sha256OfUrl(location, SIGNED_IN)).toBe(uploaded.digest)
    }
    expect(uploaded.locations).toEqual([`${url}/content/whole.bin`, `${url}/content/parts.bin`])
  })

  it('tells a page of another origin why a request was refused', async () => {
    const page = await otherSite()
    const refusal = await page.evaluate(async (endpoint) => {
      const response = await fetch(endpoint, {
        method: 'POST',
        headers: { 'Tus-Resumable': '1.0.0', 'Upload-Length': '1' },
      })
      return { status: response.status, body: await response.json() }
    }, `${url}/content/@tus-upload`)
    await page.context().close()
    expect(refusal).toMatchObject({ status: 401, body: { error: { code: 'unauthenticated' } } })
  })
})

const portOf = (server: Server): number => (server.address() as AddressInfo).port

const originOf = (server: Server): string => `http://localhost:${portOf(server)}`

/** Serves a page with tus-js-client. */
async function serveClient(): Promise<Server> {
  const client = createRequire(import.meta.url).resolve('tus-js-client/dist/tus.js')
  const script = await readFile(client)
  const site = createServer((req, res) => {
    if (req.url === '/tus.js') res.setHeader('content-type', 'text/javascript').end(script)
    else res.setHeader('content-type', 'text/html').end('<script src="/tus.js"></script>')
  }).listen(0, 'localhost')
  await once(site, 'listening')
  return site
}

/** Runs in the browser: uploads known bytes, with a pause in the middle. */
async function uploadInPage(target: UploadTarget): Promise<Uploaded> {
  const { Upload } = (globalThis as unknown as { tus: typeof tus }).tus
  const bytes = Uint8Array.from({ length: 12 * 2 ** 20 }, (_, index) => (index * 31) % 251)
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  const digest = Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')

  return new Promise((resolve, reject) => {
    let resumed = false
    const upload = new Upload(new Blob([bytes]), {
      ...target,
      chunkSize: 2 ** 20,
      metadata: { filename: '世界.bin', filetype: 'application/octet-stream' },
      retryDelays: [0, 100, 500, 1000],
      onChunkComplete(_length, sent) {
        if (resumed || sent < bytes.length / 2) return
        resumed = true
        void upload.abort().then(() => upload.start())
      },
      onError: reject,
      onSuccess: ({ lastResponse }) => {
        const location = lastResponse.getHeader('Location') ?? null
        resolve({ location, digest, resumed })
      },
    })
    upload.start()
  })
}

/**
 * Runs in the browser: uploads known bytes by Resumable Uploads for HTTP, once in one request and once in
 * parts, and asks the server for the offset before each append.
 */
async function fetchInPage({ endpoint, headers }: UploadTarget): Promise<{
  locations: string[]
  offsets: number[]
  statuses: number[]
  digest: string
}> {
  const bytes = Uint8Array.from({ length: 3_000_000 }, (_, index) => (index * 31) % 251)
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  const digest = Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
  const statuses: number[] = []
  const offsets: number[] = []

  async function send(
    method: string,
    url: string,
    fields: Readonly<Record<string, string>>,
    body: Uint8Array<ArrayBuffer>,
  ): Promise<string> {
    const response = await fetch(url, { method, headers: { ...headers, ...fields }, body })
    statuses.push(response.status)
    return response.headers.get('location') ?? ''
  }

  function create(name: string, complete: string, body: Uint8Array<ArrayBuffer>): Promise<string> {
    const disposition = `attachment; filename="${name}"`
    const fields = { 'Upload-Complete': complete, 'Content-Disposition': disposition }
    return send('POST', endpoint, fields, body)
  }

  async function append(url: string, complete: string, length: number): Promise<string> {
    const head = await fetch(url, { method: 'HEAD', headers })
    const offset = Number(head.headers.get('upload-offset'))
    offsets.push(offset)
    const fields = {
      'Upload-Complete': complete,
      'Upload-Offset': String(offset),
      'Content-Type': 'application/partial-upload',
    }
    return send('PATCH', url, fields, bytes.slice(offset, offset + length))
  }

  const whole = await create('whole.bin', '?1', bytes)
  const upload = await create('parts.bin', '?0', bytes.slice(0, 1_000_000))
  await append(upload, '?0', 1_000_000)
  const parts = await append(upload, '?1', 1_000_000)
  return { locations: [whole, parts], offsets, statuses, digest }
}
