import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import type { Server } from 'node:http'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import type * as tus from 'tus-js-client'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findChromium } from '../../../scripts/chromium.mjs'
import { clear } from './support/content.ts'
import type { Demo } from './support/demo-process.ts'
import { SIGNED_IN, startDemo } from './support/demo-process.ts'
import { sha256OfUrl } from './support/files.ts'

const executablePath = findChromium()
if (executablePath === null) {
  console.log('browser tests are skipped: no Chromium found; install it or set CHROMIUM_BIN')
}

/** Runs in the page: uploads bytes that can be made again, and says what came of it. */
type Uploaded = { location: string | null; digest: string; resumed: boolean }

describe.skipIf(executablePath === null)('tus-js-client in Chromium, on another origin', () => {
  let site: Server
  let demo: Demo
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    site = await serveClient()
    const origin = `http://localhost:${(site.address() as AddressInfo).port}`
    demo = await startDemo({ CORS_ORIGIN: origin })
    browser = await chromium.launch({
      ...(executablePath === null ? {} : { executablePath }),
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
    })
    page = await browser.newPage()
    await page.goto(origin)
  }, 60_000)

  beforeEach(() => clear(demo))
  afterAll(async () => {
    await browser?.close()
    await demo?.dispose()
    site?.close()
  })

  it('uploads, pauses, resumes, and is told where the content is', {
    timeout: 60_000,
  }, async () => {
    const uploaded = await page.evaluate(uploadInPage, {
      endpoint: `${demo.url}/content/@tus-upload`,
      headers: SIGNED_IN,
    })
    expect(uploaded.resumed).toBe(true)
    expect(uploaded.location).toBe('/content/%E4%B8%96%E7%95%8C.bin')
    const url = `${demo.url}${uploaded.location}`
    expect(await sha256OfUrl(url, SIGNED_IN)).toBe(uploaded.digest)
  })

  it('sees why it is refused', async () => {
    const refusal = await page.evaluate(async (endpoint) => {
      const response = await fetch(endpoint, {
        method: 'POST',
        headers: { 'Tus-Resumable': '1.0.0', 'Upload-Length': '1' },
      })
      return { status: response.status, body: await response.json() }
    }, `${demo.url}/content/@tus-upload`)
    expect(refusal).toMatchObject({ status: 401, body: { error: { code: 'unauthenticated' } } })
  })
})

/** A page of another origin that has tus-js-client. */
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

async function uploadInPage(target: {
  endpoint: string
  headers: Readonly<Record<string, string>>
}): Promise<Uploaded> {
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
