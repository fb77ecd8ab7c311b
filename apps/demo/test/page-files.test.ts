import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectRaw } from '@tusker/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FRAMEWORKS } from '../src/frameworks/load-framework.ts'
import type { Demo } from './support/demo-process.ts'
import { startDemo } from './support/demo-process.ts'

const SCRIPT = `console.log(${JSON.stringify('x'.repeat(1_000))})`
const PAGE = '<!doctype html><title>Built</title>'

let page: string
beforeAll(async () => {
  page = await mkdtemp(join(tmpdir(), 'tusker-page-'))
  await mkdir(join(page, 'assets'))
  await writeFile(join(page, 'index.html'), PAGE)
  await writeFile(join(page, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>')
  await writeFile(join(page, 'assets/index-1a2b.js'), SCRIPT)
  await writeFile(join(page, 'assets/index-1a2b.js.map'), '{}')
})
afterAll(() => rm(page, { recursive: true, force: true }))

describe.each(FRAMEWORKS)('the built page, served by %s', (framework) => {
  let demo: Demo
  beforeAll(async () => {
    demo = await startDemo({ FRAMEWORK: framework, PAGE_DIR: page })
  })
  afterAll(() => demo?.dispose())

  it('is revalidated on each visit, and loads nothing from another host', async () => {
    const answer = await fetch(demo.url)
    expect(await answer.text()).toBe(PAGE)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'content-security-policy': expect.stringMatching(
        /^default-src 'self';.*frame-ancestors 'none'$/,
      ),
    })
    const etag = answer.headers.get('etag') ?? ''
    const again = await fetch(demo.url, { headers: { 'if-none-match': etag } })
    expect([again.status, await again.text()]).toEqual([304, ''])
    const other = await fetch(demo.url, { headers: { 'if-none-match': '"other"' } })
    expect(other.status).toBe(200)
  })

  it('has assets that browsers cache permanently, and that are sent compressed', async () => {
    const connection = await connectRaw(demo.url)
    try {
      const path = '/assets/index-1a2b.js'
      connection.write(
        `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: br, gzip\r\n\r\n`,
      )
      const small = await connection.answer()
      expect(small.headers).toMatchObject({
        'content-encoding': 'gzip',
        'cache-control': 'public, max-age=31536000, immutable',
        'content-type': 'text/javascript; charset=utf-8',
        vary: 'Accept-Encoding',
      })
      expect(Number(small.headers['content-length'])).toBeLessThan(SCRIPT.length / 2)
    } finally {
      connection.close()
    }
    const whole = await fetch(`${demo.url}/assets/index-1a2b.js`, {
      headers: { 'accept-encoding': 'gzip;q=0' },
    })
    expect(whole.headers.get('content-encoding')).toBeNull()
    expect(await whole.text()).toBe(SCRIPT)
    const unpacked = await fetch(`${demo.url}/assets/index-1a2b.js`)
    expect(await unpacked.text()).toBe(SCRIPT)
  })

  it('refuses other paths and other methods', async () => {
    const paths = ['/assets', '/assets/', '/assets/index-1a2b.js.map', '/assets/..%2findex.html']
    for (const path of [...paths, '/assets/none.js', '/index.htm']) {
      expect((await fetch(`${demo.url}${path}`)).status, path).toBe(404)
    }
    expect((await fetch(demo.url, { method: 'POST' })).status).toBe(405)
    const head = await fetch(`${demo.url}/icon.svg`, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-type')]).toEqual([200, 'image/svg+xml'])
    expect(demo.log()).not.toContain('"level":50')
  })
})

it('the demo without a built page serves one that explains how to build it', async () => {
  const demo = await startDemo({ PAGE_DIR: join(page, 'none') })
  try {
    const answer = await fetch(demo.url)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/html; charset=utf-8',
    ])
    expect(await answer.text()).toContain('The page is not built')
  } finally {
    await demo.dispose()
  }
})
