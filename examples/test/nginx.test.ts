import { connect } from 'node:http2'
import { DefaultHttpStack, Upload } from 'tus-js-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findNginx } from './support/nginx.ts'
import type { Front, Processes } from './behind-nginx.ts'
import { pathOf, startFront, startProcesses, talkTo } from './behind-nginx.ts'
import { NEEDED } from './nginx-facts.ts'

const { path: nginx, reason } = findNginx()
if (nginx === null) {
  if (process.env['CI'] && process.platform === 'linux') throw new Error(reason)
  console.info(`nginx is not tested: ${reason}`)
}

const SHA1_OF_HELLO = 'qvTGHdzF6KLavt4PO0gs2a6pQ00='

describe.skipIf(nginx === null)('the configuration for nginx', { timeout: 60_000 }, () => {
  let processes: Processes
  let front: Front
  beforeAll(async () => {
    processes = await startProcesses()
    front = await startFront(nginx ?? '', processes)
  }, 60_000)
  afterAll(async () => {
    await front?.stop()
    await processes?.stop()
  })

  /** Sends a file in pieces. Resolves to where it is, and to the processes that took its pieces. */
  function upload(
    bytes: Buffer,
    onPiece?: (offset: number) => Promise<void>,
  ): Promise<{ url: string; takers: Set<string> }> {
    const takers = new Set<string>()
    return new Promise((resolve, reject) => {
      const sending = new Upload(bytes, {
        endpoint: `${front.secure}/files`,
        httpStack: new DefaultHttpStack({ ca: front.certificate }),
        chunkSize: 512 * 1024,
        retryDelays: Array<number>(20).fill(500),
        async onAfterResponse(request, response) {
          const taker = response.getHeader('x-upstream')
          if (request.getMethod() !== 'PATCH' || taker === undefined) return
          takers.add(taker)
          await onPiece?.(Number(response.getHeader('upload-offset')))
        },
        onError: reject,
        onSuccess: () => resolve({ url: sending.url ?? '', takers }),
      })
      sending.start()
    })
  }

  it('passes an upload of tus-js-client to both processes, and serves all its bytes', async () => {
    const bytes = Buffer.alloc(5_000_000, 'tusker')
    const { url, takers } = await upload(bytes)
    expect(takers).toEqual(new Set(processes.ports.map((port) => `127.0.0.1:${port}`)))
    expect(url).toMatch(new RegExp(`^${front.secure}/files/[0-9a-f]{32}$`))
    const answer = await fetch(url.replace(front.secure, front.plain))
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true)
  })

  it('lets a client resume when a process was killed, and when no process ran for a while', async () => {
    let left = 2
    let returned: Promise<unknown> = Promise.resolve()
    const { url } = await upload(Buffer.alloc(5_000_000, 'tusker'), async (offset) => {
      if (left === 0 || offset < 1_000_000) return
      left -= 1
      if (left === 1) return processes.kill(0)
      await processes.kill(1)
      returned = processes.start(0, 1)
    })
    await returned
    expect(left).toBe(0)
    expect(await talkTo(front.plain).offsetOf(url)).toBe(5_000_000)
  })

  it.each([
    ['of the wrong length', 'Upload-Offset: 0\r\n', 20_000_000, 413],
    ['at the wrong offset', 'Upload-Offset: 7\r\n', 900_000, 409],
  ])(
    'passes an error response on to a client that still sends a body %s',
    async (_, field, size, status) => {
      const talk = talkTo(front.plain)
      const location = await talk.create(1_000_000)
      const connection = await talk.begin(location, `${field}Content-Length: ${size}\r\n`)
      connection.write('x'.repeat(200_000))
      expect((await connection.answer()).status).toBe(status)
      connection.close()
    },
  )

  it('sends 100 Continue to a waiting client', async () => {
    const talk = talkTo(front.plain)
    const fields = 'Upload-Offset: 3\r\nContent-Length: 5\r\nExpect: 100-continue\r\n'
    const connection = await talk.begin(await talk.create(5), fields)
    expect((await connection.answer()).status).toBe(100)
    expect((await connection.answer()).status).toBe(409)
    connection.close()
  })

  it('drops trailers, so a checksum in a trailer is missing and its bytes are refused', async () => {
    const fields = 'Upload-Offset: 0\r\nTransfer-Encoding: chunked\r\nTrailer: Upload-Checksum\r\n'
    async function send(origin: string): Promise<number> {
      const talk = talkTo(origin)
      const connection = await talk.begin(await talk.create(5), fields)
      connection.write(`5\r\nhello\r\n0\r\nUpload-Checksum: sha1 ${SHA1_OF_HELLO}\r\n\r\n`)
      const { status } = await connection.answer()
      connection.close()
      return status
    }
    expect(await send(`http://127.0.0.1:${processes.ports[0]}`)).toBe(204)
    expect(await send(front.plain)).toBe(460)
  })

  it.each(NEEDED)('needs %s: %s', async (_directive, _fact, change, fact) => {
    const lacking = await startFront(nginx ?? '', processes, change)
    try {
      expect(await fact(front, processes, 15_000)).toBe(true)
      expect(await fact(lacking, processes, 2_000)).toBe(false)
    } finally {
      await lacking.stop()
    }
  })

  describe('with HTTP/2', () => {
    let front2: Front
    beforeAll(async () => {
      front2 = await startFront(nginx ?? '', processes, (text) =>
        text.replace('443 ssl', '443 ssl http2'),
      )
    })
    afterAll(() => front2?.stop())

    it('commits a body while it arrives, and keeps the bytes before a cut', async () => {
      const talk = talkTo(front2.plain)
      const location = await talk.create(10)
      const session = connect(front2.secure, { ca: front2.certificate })
      const stream = session.request({
        ':method': 'PATCH',
        ':path': pathOf(location),
        'tus-resumable': '1.0.0',
        'upload-offset': '0',
        'content-type': 'application/offset+octet-stream',
      })
      stream.write('hello')
      await expect.poll(() => talk.offsetOf(location)).toBe(5)
      stream.write('wo')
      await expect.poll(() => talk.offsetOf(location)).toBe(7)
      session.destroy()
      expect(await talk.offsetOf(location)).toBe(7)
    })
  })

  describe('with times of two seconds', () => {
    let hasty: Front
    beforeAll(async () => {
      hasty = await startFront(nginx ?? '', processes, (text) => text.replaceAll('75s', '2s'))
    })
    afterAll(() => hasty?.stop())

    it('lets a steady upload take longer', async () => {
      const talk = talkTo(hasty.plain)
      const location = await talk.create(25)
      const fields = 'Upload-Offset: 0\r\nContent-Length: 25\r\n'
      const connection = await talk.begin(location, fields)
      for (let piece = 0; piece < 25; piece++) {
        connection.write('x')
        await new Promise((resolve) => setTimeout(resolve, 200))
      }
      expect((await connection.answer()).status).toBe(204)
      connection.close()
    })

    it('ends a silent upload, and keeps its bytes', async () => {
      const talk = talkTo(hasty.plain)
      const location = await talk.create(10)
      const fields = 'Upload-Offset: 0\r\nContent-Length: 10\r\n'
      const connection = await talk.begin(location, fields)
      connection.write('hello')
      await connection.over
      await expect.poll(() => talk.offsetOf(location)).toBe(5)
    })
  })
})
