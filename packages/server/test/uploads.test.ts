import { fsStore } from '@tusker/store-fs'
import { createHash, randomBytes } from 'node:crypto'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { freePort } from '../../testing/test/support/free-port.ts'
import { append, create, uploadWithRetries } from './support/client.ts'
import { cuttingProxy } from './support/cutting-proxy.ts'
import { run, scratch } from './support/server-process.ts'

const CONTENT = randomBytes(12 * 2 ** 20)

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

async function download(url: string): Promise<Uint8Array> {
  return new Uint8Array(await (await fetch(url)).arrayBuffer())
}

it('tusker-server receives an upload over a network that breaks, and serves it', async () => {
  const cwd = await scratch()
  const server = run(['--port', '0'], { cwd })
  const endpoint = await server.url()
  const { port } = new URL(endpoint)
  const proxy = await cuttingProxy(Number(port), { every: 2 * 2 ** 20, cuts: 4 })

  const there = `http://127.0.0.1:${proxy.port}/files`
  const url = await uploadWithRetries(there, CONTENT, { name: 'a film.mp4' })
  expect(proxy.lost()).toBe(4)
  const id = url.split('/').at(-1) ?? ''
  expect(sha256(await readFile(join(cwd, 'uploads', id)))).toBe(sha256(CONTENT))
  expect(sha256(await download(`${endpoint}/${id}`))).toBe(sha256(CONTENT))

  expect(server.printed()).toMatch(/^\d\d:\d\d:\d\d started {4}a film\.mp4, 12\.0 MiB$/m)
  await server.untilPrinted(/ complete {3}a film\.mp4, 12\.0 MiB in 00:\d\d, .* [KM]iB\/s$/m)
  // Without a terminal there are no moving lines.
  expect(server.printed()).not.toContain('\u001b')
})

it('tusker-server resumes after SIGKILL and saves the file once, replacing none', {
  timeout: 60_000,
}, async () => {
  const [kept, into] = [await scratch(), await scratch()]
  await writeFile(join(into, 'film.mp4'), 'another film')
  const args = [kept, '--into', into]
  const port = String(await freePort())
  const first = run([...args, '--port', port])
  const endpoint = await first.url()

  let again: ReturnType<typeof run> | undefined
  const url = await uploadWithRetries(endpoint, CONTENT, {
    name: '../../film.mp4',
    onAccepted(offset) {
      if (offset < CONTENT.byteLength / 3 || again !== undefined) return
      first.child.kill('SIGKILL')
      again = run([...args, '--port', port])
    },
  })
  expect(await first.ended).toBe('SIGKILL')
  await again?.untilPrinted(/ complete {3}film\.mp4, 12\.0 MiB, saved as film \(2\)\.mp4$/m)
  expect(again?.printed()).toMatch(/ resumed {4}film\.mp4 at \d+%, /)
  expect((await readdir(into)).sort()).toEqual(['.tusker', 'film (2).mp4', 'film.mp4'])
  expect(sha256(await readFile(join(into, 'film (2).mp4')))).toBe(sha256(CONTENT))
  expect(await readFile(join(into, 'film.mp4'), 'utf8')).toBe('another film')
  expect(sha256(await download(url))).toBe(sha256(CONTENT))
})

it('tusker-server saves an upload at its start when a crash came after the last byte', async () => {
  const [kept, into] = [await scratch(), await scratch()]
  const store = fsStore({ directory: kept })
  await store.create({
    id: 'u1',
    length: 5,
    metadata: 'filename YS50eHQ=',
    owner: null,
    attributes: {},
    concatenation: null,
    concatenationField: null,
    createdAt: new Date(),
  })
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield new TextEncoder().encode('hello')
  }
  await store.append('u1', 0, bytes(), { token: null })

  const server = run([kept, '--into', into, '--port', '0'])
  await server.untilPrinted(/ complete {3}a\.txt, 5 B$/m)
  expect(await readFile(join(into, 'a.txt'), 'utf8')).toBe('hello')
  await expect.poll(() => readdir(join(into, '.tusker')), { timeout: 15_000 }).toEqual([])
})

it('tusker-server reports events as JSON with --log json', async () => {
  const server = run([await scratch(), '--port', '0', '--log', 'json', '--no-downloads'])
  const endpoint = await server.url()
  const url = await create(endpoint, 5, 'a\u001b[31m.txt')
  expect(await append(url, 0, new TextEncoder().encode('hello'))).toBe(5)
  await server.untilPrinted(/"completed"/)
  expect((await fetch(url, { headers: { 'tus-resumable': '1.0.0' } })).status).toBe(405)
  await server.untilPrinted(/"refused"/)
  server.child.kill('SIGTERM')
  expect(await server.ended).toBe(0)

  const lines = server
    .printed()
    .split('\n')
    .filter((line) => line.startsWith('{'))
  const id = url.split('/').at(-1)
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ event: 'listening', url: endpoint }),
    expect.objectContaining({ event: 'started', id, name: 'a[31m.txt', length: 5, offset: 0 }),
    expect.objectContaining({ event: 'completed', id, offset: 5, ms: expect.any(Number) }),
    expect.objectContaining({
      event: 'refused',
      method: 'GET',
      status: 405,
      code: 'unsupported_method',
    }),
    expect.objectContaining({ event: 'stopping' }),
  ])
})
