import { createHash, randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import type { Demo } from './demo-process.ts'
import { SIGNED_IN } from './demo-process.ts'
import { sha256OfUrl } from './files.ts'
import type { SlowBody } from './slow-body.ts'
import { beginSlowly } from './slow-body.ts'

const COMMON = { ...SIGNED_IN, 'tus-resumable': '1.0.0' }
const BYTES = { ...COMMON, 'content-type': 'application/offset+octet-stream' }
const TIME = { timeout: 180_000 }

/** Milliseconds, as in the demo. */
const LEASE_TIME = 2_000

/** Tests of processes that share their uploads, for clients that change between the processes. */
export function describeProcesses(demos: () => readonly Demo[]): void {
  const demoAt = (turn: number): Demo => {
    const demo = demos()[turn % demos().length]
    if (demo === undefined) throw new Error('there is no process')
    return demo
  }
  const urlOf = (turn: number, path: string): string => `${demoAt(turn).url}${path}`

  async function create(turn: number, name: string, length: number): Promise<string> {
    const created = await fetch(urlOf(turn, '/content/@tus-upload'), {
      method: 'POST',
      headers: {
        ...COMMON,
        'upload-length': String(length),
        'upload-metadata': `filename ${btoa(name)}`,
      },
    })
    expect(created.status).toBe(201)
    return created.headers.get('location') ?? ''
  }

  function append(turn: number, path: string, offset: number, body: Uint8Array): Promise<Response> {
    const headers = { ...BYTES, 'upload-offset': String(offset) }
    return fetch(urlOf(turn, path), { method: 'PATCH', headers, body: Uint8Array.from(body) })
  }

  /** Appends as a client does: retries after 409 and 423, from the current offset. */
  async function appendAgain(turn: number, path: string, content: Uint8Array): Promise<Response> {
    for (;;) {
      const offset = await offsetOf(turn, path)
      const answer = await append(turn, path, offset, content.subarray(offset))
      if (![409, 423, 503].includes(answer.status)) return answer
    }
  }

  async function offsetOf(turn: number, path: string): Promise<number> {
    for (;;) {
      const look = await fetch(urlOf(turn, path), { method: 'HEAD', headers: COMMON })
      if (look.status !== 423) {
        expect(look.status).toBe(200)
        return Number(look.headers.get('upload-offset'))
      }
    }
  }

  async function expectContent(path: string | null, content: Uint8Array | string): Promise<void> {
    if (path === null) throw new Error('no response has reported the URL of the content')
    const digest = createHash('sha256').update(content).digest('hex')
    for (const turn of demos().keys()) {
      expect(await sha256OfUrl(urlOf(turn, path), SIGNED_IN)).toBe(digest)
    }
  }

  const begin = (turn: number, path: string, first: Uint8Array): Promise<SlowBody> =>
    beginSlowly(urlOf(turn, path), { ...BYTES, 'upload-offset': '0' }, first)

  it('receive the pieces of one upload in turn', TIME, async () => {
    const content = randomBytes(20 * 50_000)
    const path = await create(0, 'turns.bin', content.byteLength)
    let location: string | null = null
    for (let piece = 0; piece < 20; piece += 1) {
      const at = piece * 50_000
      const answer = await append(piece, path, at, content.subarray(at, at + 50_000))
      expect([answer.status, answer.headers.get('upload-offset')]).toEqual([
        204,
        String(at + 50_000),
      ])
      location = answer.headers.get('location')
      expect(await offsetOf(piece + 1, path)).toBe(at + 50_000)
    }
    await expectContent(location, content)
  })

  it(
    'accept exactly one of forty concurrent appends at one offset, in each round',
    TIME,
    async () => {
      const path = await create(0, 'races.bin', 5 * 1_000)
      let content = ''
      let location: string | null = null
      for (let round = 0; round < 5; round += 1) {
        const answers = await Promise.all(
          Array.from({ length: 40 }, async (_, turn) => {
            const letter = String.fromCharCode(48 + turn)
            const answer = await append(turn, path, round * 1_000, Buffer.alloc(1_000, letter))
            return { letter, status: answer.status, location: answer.headers.get('location') }
          }),
        )
        const winners = answers.filter(({ status }) => status === 204)
        expect(winners).toHaveLength(1)
        for (const { status } of answers) expect([204, 409, 423]).toContain(status)
        content += (winners[0]?.letter ?? '').repeat(1_000)
        location = winners[0]?.location ?? null
      }
      await expectContent(location, content)
    },
  )

  it('resume an upload whose process was killed in the middle', TIME, async () => {
    const content = randomBytes(500_000)
    const path = await create(1, 'killed.bin', content.byteLength)
    const body = await begin(1, path, content.subarray(0, 100_000))
    await expect.poll(() => offsetOf(1, path)).toBe(100_000)
    await demoAt(1).end('SIGKILL')
    const began = performance.now()
    const taking = appendAgain(0, path, content)
    await Promise.allSettled([taking])
    const time = Math.round(performance.now() - began)
    // The next tests need both demos, also after a failure of this one.
    await demoAt(1).start()
    const answer = await taking
    console.info(`a killed holder: taken over after ${time} ms`)
    expect(answer.status).toBe(204)
    // The time of the lease, and more for a busy machine.
    expect(time).toBeLessThan(LEASE_TIME + 10_000)
    body.abort()
    await expectContent(answer.headers.get('location'), content)
  })

  it(
    'take over an upload whose client disappeared without closing its connection',
    TIME,
    async () => {
      const content = randomBytes(300_000)
      const path = await create(0, 'lost.bin', content.byteLength)
      const body = await begin(0, path, content.subarray(0, 100_000))
      await expect.poll(() => offsetOf(0, path)).toBe(100_000)
      const began = performance.now()
      const answer = await appendAgain(1, path, content)
      console.info(`a silent holder: taken over after ${Math.round(performance.now() - began)} ms`)
      expect(answer.status).toBe(204)
      body.abort()
      await expectContent(answer.headers.get('location'), content)
    },
  )

  it('abort an append on one process when another process removes the upload', TIME, async () => {
    const path = await create(0, 'removed.bin', 1_000_000)
    const body = await begin(0, path, Buffer.alloc(100_000))
    await expect.poll(() => offsetOf(0, path)).toBe(100_000)
    const removed = await fetch(urlOf(1, path), { method: 'DELETE', headers: COMMON })
    expect(removed.status).toBe(204)
    // The server closes the connection if it can no longer respond.
    expect(await body.status.catch(() => 0)).not.toBe(204)
    const look = await fetch(urlOf(0, path), { method: 'HEAD', headers: COMMON })
    expect([404, 410]).toContain(look.status)
  })

  it('report once that an upload was completed', TIME, async () => {
    const path = await create(0, 'once.bin', 10)
    await append(1, path, 0, Buffer.from('hello'))
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, turn) => append(turn, path, 5, Buffer.from('world'))),
    )
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1)
    const id = path.split('/').at(-1) ?? ''
    const reports = demos().flatMap((demo) =>
      demo
        .log()
        .split('\n')
        .filter((line) => line.includes(id) && line.includes('"completed"')),
    )
    expect(reports).toHaveLength(1)
  })
}
