import { execFileSync, spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectRaw } from '@tusker/testing'
import { afterEach, describe, expect, it } from 'vitest'
import type { Demo } from './support/demo-process.ts'
import { DEMO_COMMAND, SIGNED_IN, startDemo } from './support/demo-process.ts'

const TUS = { 'tus-resumable': '1.0.0' }
const BYTES = { ...TUS, 'content-type': 'application/offset+octet-stream' }

let demo: Demo | undefined
afterEach(async () => {
  await demo?.dispose()
  demo = undefined
})

const basic = (user: string, password: string): Readonly<Record<string, string>> => ({
  authorization: `Basic ${btoa(`${user}:${password}`)}`,
})

describe('the demo', () => {
  it('prints its URL, and reports its health', async () => {
    demo = await startDemo({ PAGE_DIR: 'none' })
    expect(await (await fetch(`${demo.url}/health`)).text()).toBe('ok\n')
    const page = await fetch(demo.url)
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(await page.text()).toContain('/content')
    expect((await fetch(demo.url, { method: 'HEAD' })).status).toBe(200)
    expect((await fetch(demo.url, { method: 'DELETE' })).status).toBe(405)
    expect((await fetch(`${demo.url}/none`)).status).toBe(404)
  })

  it('accepts uploads at /files/ without sign-in, and serves their bytes', async () => {
    demo = await startDemo()
    const created = await fetch(`${demo.url}/files/`, {
      method: 'POST',
      headers: { ...BYTES, 'upload-length': '5', 'upload-metadata': `filename ${btoa('a.txt')}` },
      body: 'hello',
    })
    expect([created.status, created.headers.get('upload-offset')]).toEqual([201, '5'])
    const download = await fetch(`${demo.url}${created.headers.get('location')}`)
    expect(await download.text()).toBe('hello')
    expect(download.headers.get('content-disposition')).toContain('a.txt')
  })

  it('gives users the rights of the users file', async () => {
    demo = await startDemo()
    const file = join(demo.dataDirectory, 'users.json')
    const rights = {
      '/': { ada: ['view', 'add', 'modify'], '*': ['view'] },
      '/inbox': { bob: ['add'] },
    }
    const hash = execFileSync('npm', ['run', '--silent', 'hash-password'], {
      cwd: join(import.meta.dirname, '..'),
      input: 'pass\n',
      stdio: ['pipe', 'pipe', 'ignore'],
      encoding: 'utf8',
    })
    await writeFile(file, JSON.stringify({ users: { ada: hash.trim(), bob: 'b' }, rights }))
    const restricted = await startDemo({ USERS_FILE: file })
    try {
      const create = async (
        path: string,
        user: Readonly<Record<string, string>>,
      ): Promise<number> => {
        const headers = { ...TUS, ...user, 'upload-length': '5' }
        return (await fetch(`${restricted.url}${path}/@tus-upload`, { method: 'POST', headers }))
          .status
      }
      const inbox = await fetch(`${restricted.url}/content`, {
        method: 'POST',
        headers: { ...basic('ada', 'pass'), 'content-type': 'application/json' },
        body: JSON.stringify({ '@type': 'Folder', id: 'inbox' }),
      })
      expect(inbox.status).toBe(201)
      expect(await create('/content', basic('ada', 'pass'))).toBe(201)
      expect(await create('/content', basic('bob', 'b'))).toBe(403)
      expect(await create('/content/inbox', basic('bob', 'b'))).toBe(201)
      expect(await create('/content', basic('ada', 'b'))).toBe(401)
      expect(await create('/content', {})).toBe(401)
      expect(await create('/content', SIGNED_IN)).toBe(401)
    } finally {
      await restricted.dispose()
    }
  })

  it('logs one JSON line for each request, except for a successful HEAD', async () => {
    demo = await startDemo()
    await fetch(`${demo.url}/health?token=secret`)
    await fetch(`${demo.url}/health`, { method: 'HEAD' })
    await fetch(`${demo.url}/none`)
    await demo.end('SIGTERM')
    const lines = demo
      .log()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
    expect(lines.map(({ method, path, status }) => [method, path, status])).toEqual([
      ['GET', '/health', 200],
      ['GET', '/none', 404],
    ])
    expect(demo.log()).not.toContain('secret')
  })

  it.each(['SIGTERM', 'SIGINT'] as const)('shuts down in an orderly way on %s', async (signal) => {
    demo = await startDemo()
    const headers = { ...TUS, 'upload-length': '10' }
    const created = await fetch(`${demo.url}/files`, { method: 'POST', headers })
    const path = created.headers.get('location') ?? ''
    const connection = await connectRaw(demo.url)
    const fields = Object.entries({
      ...BYTES,
      'upload-offset': '0',
      'content-length': '10',
      host: 'localhost',
    })
    const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')
    connection.write(`PATCH ${path} HTTP/1.1\r\n${lines}\r\nhello`)
    await expect
      .poll(async () => {
        const look = await fetch(`${demo?.url}${path}`, { method: 'HEAD', headers: TUS })
        return look.headers.get('upload-offset')
      })
      .toBe('5')

    const ended = demo.end(signal)
    expect((await connection.answer()).status).toBe(503)
    connection.close()
    expect(await ended).toBe(0)

    await demo.start()
    const look = await fetch(`${demo.url}${path}`, { method: 'HEAD', headers: TUS })
    expect(look.headers.get('upload-offset')).toBe('5')
  })

  it('enforces the size limit, and removes expired uploads', async () => {
    demo = await startDemo({
      MAX_SIZE: '1KiB',
      EXPIRE_AFTER: '1s',
      PUBLIC_URL: 'https://a.test/up',
    })
    const create = (length: number): Promise<Response> =>
      fetch(`${demo?.url}/files`, {
        method: 'POST',
        headers: { ...TUS, 'upload-length': String(length) },
      })
    expect((await create(1025)).status).toBe(413)
    const created = await create(1024)
    const location = created.headers.get('location') ?? ''
    expect(location).toMatch(/^https:\/\/a\.test\/up\/files\/[0-9a-f]{32}$/)
    const path = location.slice('https://a.test/up'.length)
    await expect
      .poll(
        async () => (await fetch(`${demo?.url}${path}`, { method: 'HEAD', headers: TUS })).status,
      )
      .toBe(404)
  })

  it.each([
    [{ PORT: 'x' }, 'PORT'],
    [{ USERS_FILE: '/none' }, 'USERS_FILE'],
    [{ PORT: '0', HOST: '192.0.2.1' }, '192.0.2.1'],
  ])('does not start, and prints one line that says why: %o', (settings, why) => {
    const { status, stderr, stdout } = spawnSync(process.execPath, DEMO_COMMAND, {
      cwd: join(import.meta.dirname, '..'),
      env: { PATH: process.env['PATH'], DATA_DIR: '/tmp/tusker-none', ...settings },
      encoding: 'utf8',
    })
    expect(status).toBe(1)
    expect(stderr).toContain(why)
    expect(stderr).not.toContain('    at ')
    expect(stdout).toBe('')
  })
})
