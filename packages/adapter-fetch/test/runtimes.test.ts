import type { Client, RawConnection } from '@tusker/testing'
import { connectRaw, socketClient, startDraftSession, streamed } from '@tusker/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RUNTIMES } from './support/hosts.ts'
import type { RunningRuntime, RuntimeName } from './runtimes/start.ts'
import { start } from './runtimes/start.ts'

const NAMES: readonly RuntimeName[] = ['bun', 'deno', 'workerd', 'next']
const wanted = process.env['TUSKER_RUNTIMES'] === '1'
if (!wanted) {
  const reason = 'they are 700 MB; npm run test:runtimes installs them and runs these tests'
  console.info(`Bun, Deno, workerd and Next.js are not tested: ${reason}`)
  it('fetchHandler runs on Bun, Deno, workerd and Next.js', ({ skip }) => skip(reason))
}

describe.each(wanted ? NAMES : [])('%s', (name) => {
  let runtime: RunningRuntime
  let client: Client

  beforeAll(async () => {
    runtime = await start(name)
    client = socketClient(runtime.origin)
  }, 60_000)
  afterAll(() => runtime?.stop())

  function rule(title: string, conversation: () => Promise<void>): void {
    const reason = RUNTIMES[name].own?.[title]
    if (reason !== undefined) console.info(`${name}: skipped "${title}": ${reason}`)
    it(`${name} ${title}`, async ({ skip }) =>
      reason === undefined ? conversation() : skip(reason))
  }

  async function create(length: number): Promise<string> {
    const created = await client.send('POST /files', { 'upload-length': String(length) })
    expect(created.status, created.text).toBe(201)
    return created.headers['location'] ?? ''
  }

  const patch = (path: string, offset: number, body: string) =>
    client.send(`PATCH ${path}`, { 'upload-offset': String(offset) }, body)

  async function offsetOf(path: string): Promise<number> {
    return Number((await client.send(`HEAD ${path}`)).headers['upload-offset'])
  }

  function head(path: string, offset: number, length: number): string {
    const lines = [
      `PATCH ${path} HTTP/1.1`,
      'Host: localhost',
      'Tus-Resumable: 1.0.0',
      'Content-Type: application/offset+octet-stream',
      `Upload-Offset: ${offset}`,
      `Content-Length: ${length}`,
      '',
      '',
    ]
    return lines.join('\r\n')
  }

  /** Sends part of a body, and waits until the server has it. */
  async function begin(path: string): Promise<RawConnection> {
    const connection = await connectRaw(runtime.origin)
    connection.write(`${head(path, 0, 10)}hello`)
    await expect.poll(() => offsetOf(path), { timeout: 3_000, interval: 20 }).toBe(5)
    return connection
  }

  rule('receives an upload in chunks, returns its bytes and removes it', async () => {
    const path = await create(10)
    expect(path).toMatch(/^\/files\/[0-9a-f]{32}$/)
    expect(await offsetOf(path)).toBe(0)
    const first = await patch(path, 0, 'hello')
    expect([first.status, first.headers['upload-offset']]).toEqual([204, '5'])
    expect(first.headers['upload-expires']).toMatch(/ GMT$/)
    expect(await offsetOf(path)).toBe(5)
    expect((await patch(path, 5, 'world')).status).toBe(204)
    expect((await client.send(`GET ${path}`)).text).toBe('helloworld')
    expect((await client.send(`DELETE ${path}`)).status).toBe(204)
    expect((await client.send(`HEAD ${path}`)).status).toBe(404)
  })

  rule('announces tus 1.0 without checksum-trailer', async () => {
    const { status, headers } = await client.send('OPTIONS /files')
    expect([status, headers['tus-version']]).toEqual([204, '1.0.0'])
    expect(headers['tus-extension']?.split(',')).not.toContain('checksum-trailer')
  })

  rule('receives an upload of the IETF draft that its client created without content', async () => {
    const { send, create, append, complete, head } = startDraftSession(client)
    const path = await create()
    const first = await append(path, 0, 'hello')
    expect([first.status, first.headers['upload-complete']]).toEqual([204, '?0'])
    expect((await head(path)).headers).toMatchObject({
      'upload-offset': '5',
      'upload-complete': '?0',
      'upload-length': '10',
    })
    const last = await complete(path, 5, 'world')
    expect([last.status, last.headers['upload-complete'], last.interim]).toEqual([201, '?1', []])
    expect((await send(`GET ${path}`)).text).toBe('helloworld')
  })

  rule('receives a body with chunked transfer coding', async () => {
    const path = await create(10)
    const body = streamed(['hello', 'world'])
    const answer = await client.send(`PATCH ${path}`, { 'upload-offset': '0' }, body)
    expect([answer.status, answer.headers['upload-offset']]).toEqual([204, '10'])
  })

  rule('refuses a wrong offset and a body that is too long, and keeps the upload', async () => {
    const path = await create(8)
    expect((await patch(path, 3, 'hello')).status).toBe(409)
    expect((await patch(path, 0, 'hello world')).status).toBe(413)
    expect(await offsetOf(path)).toBe(0)
    const body = streamed(['hello', 'world'])
    expect((await client.send(`PATCH ${path}`, { 'upload-offset': '0' }, body)).status).toBe(413)
    expect(await offsetOf(path)).toBe(8)
  })

  rule('responds while the client still sends', async () => {
    const path = await create(1_000_000)
    const connection = await connectRaw(runtime.origin)
    connection.write(`${head(path, 3, 1_000_000)}hello`)
    expect((await connection.answer()).status).toBe(409)
    connection.close()
  })

  rule('serves the next request on a connection whose body it refused', async () => {
    const path = await create(1_000_000)
    const connection = await connectRaw(runtime.origin)
    connection.write(`${head(path, 3, 100_000)}${'x'.repeat(50_000)}`)
    expect((await connection.answer()).status).toBe(409)
    connection.write('x'.repeat(50_000) + head(path, 0, 5) + 'hello')
    expect((await connection.answer()).status).toBe(204)
    connection.close()
  })

  for (const leave of ['close', 'reset'] as const) {
    rule(`keeps the bytes that arrived before a ${leave}`, async () => {
      const path = await create(10)
      const connection = await begin(path)
      connection[leave]()
      expect((await patch(path, 5, 'world')).status).toBe(204)
      expect((await client.send(`GET ${path}`)).text).toBe('helloworld')
    })
  }

  rule('lets a client take over from a connection that broke without a FIN or an RST', async () => {
    const path = await create(10)
    const connection = await begin(path)
    expect((await patch(path, 5, 'world')).status).toBe(204)
    connection.close()
  })

  rule('ends a body that pauses for too long', async () => {
    const path = await create(10)
    const connection = await begin(path)
    expect((await connection.answer()).status).toBe(423)
    connection.close()
    expect(await offsetOf(path)).toBe(5)
  })

  rule('receives 200 MB in one request', async () => {
    const path = await create(200_000_000)
    const piece = new Uint8Array(1_000_000)
    const body = streamed(Array.from({ length: 200 }, () => piece))
    const answer = await client.send(`PATCH ${path}`, { 'upload-offset': '0' }, body)
    expect([answer.status, answer.headers['upload-offset']]).toEqual([204, '200000000'])
    expect((await client.send(`DELETE ${path}`)).status).toBe(204)
  })

  rule('removes expired uploads', async () => {
    const path = await create(10)
    const gone = async () => (await client.send(`HEAD ${path}`)).status
    await expect.poll(gone, { timeout: 8_000, interval: 1_000 }).toBeGreaterThanOrEqual(404)
  })
})
