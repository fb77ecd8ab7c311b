import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Demo } from './support/demo-process.ts'
import { SIGNED_IN, startDemo } from './support/demo-process.ts'
import { sha256OfUrl } from './support/files.ts'

const COMMON = { ...SIGNED_IN, 'tus-resumable': '1.0.0' }
const BYTES = { ...COMMON, 'content-type': 'application/offset+octet-stream' }

describe('two processes over one directory, and clients that stay with neither', () => {
  let directory: string
  let demos: readonly Demo[]

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tusker-shared-'))
    const settings = { DATA_DIR: directory, TUS_TMP_FILE_DIR: join(directory, 'tmp') }
    demos = await Promise.all([startDemo(settings), startDemo(settings)])
  })
  afterAll(async () => {
    await Promise.all(demos.map((demo) => demo.dispose()))
    await rm(directory, { recursive: true, force: true })
  })

  const urlOf = (turn: number, path: string): string => `${demos[turn % 2]?.url}${path}`

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

  it('take the pieces of one upload in turn', { timeout: 60_000 }, async () => {
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
      const look = await fetch(urlOf(piece + 1, path), { method: 'HEAD', headers: COMMON })
      expect(look.headers.get('upload-offset')).toBe(String(at + 50_000))
    }
    const digest = createHash('sha256').update(content).digest('hex')
    for (const turn of [0, 1]) {
      expect(await sha256OfUrl(urlOf(turn, location ?? ''), SIGNED_IN)).toBe(digest)
    }
  })

  it('let one of many writers at one offset win, each round', { timeout: 60_000 }, async () => {
    const path = await create(0, 'races.bin', 5 * 1_000)
    let content = ''
    for (let round = 0; round < 5; round += 1) {
      const writers = Array.from({ length: 20 }, (_, index) => String.fromCharCode(97 + index))
      const answers = await Promise.all(
        writers.map(async (letter, turn) => ({
          letter,
          status: (await append(turn, path, round * 1_000, Buffer.alloc(1_000, letter))).status,
        })),
      )
      const winners = answers.filter(({ status }) => status === 204)
      expect(winners).toHaveLength(1)
      for (const { status } of answers) expect([204, 409, 423]).toContain(status)
      content += (winners[0]?.letter ?? '').repeat(1_000)
    }
    const digest = createHash('sha256').update(content).digest('hex')
    expect(await sha256OfUrl(urlOf(1, '/content/races.bin'), SIGNED_IN)).toBe(digest)
  })

  it('go on with the upload of one that was killed', { timeout: 60_000 }, async () => {
    const path = await create(1, 'killed.bin', 10)
    expect((await append(1, path, 0, Buffer.from('hello'))).status).toBe(204)
    await demos[1]?.end('SIGKILL')
    expect((await append(0, path, 5, Buffer.from('world'))).status).toBe(204)
    await demos[1]?.start()
    const digest = createHash('sha256').update('helloworld').digest('hex')
    expect(await sha256OfUrl(urlOf(1, '/content/killed.bin'), SIGNED_IN)).toBe(digest)
  })
})
