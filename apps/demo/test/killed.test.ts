import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { random, rounds } from '../../../packages/testing/test/support/test-rounds.ts'
import type { Demo } from './support/demo-process.ts'
import { SIGNED_IN, startDemo } from './support/demo-process.ts'
import { sha256OfUrl } from './support/files.ts'

const ROUNDS = 2 * rounds
const CONTENT = randomBytes(24 * 2 ** 20)
const TUS = { ...SIGNED_IN, 'tus-resumable': '1.0.0' }

describe(`the server is killed ${ROUNDS} times at a random moment of an upload`, () => {
  let demo: Demo

  beforeAll(async () => {
    demo = await startDemo()
  })
  afterAll(() => demo?.dispose())

  it('the upload loses no acknowledged byte and can always be resumed', {
    timeout: 60_000 + ROUNDS * 10_000,
  }, async () => {
    for (let round = 1; round <= ROUNDS; round += 1) await killOnce(demo)
  })
})

/** Appends pieces until the server dies during one of them, restarts it, and sends the rest. */
async function killOnce(demo: Demo): Promise<void> {
  const name = `${randomUUID()}.bin`
  const created = await fetch(`${demo.url}/content/@tus-upload`, {
    method: 'POST',
    headers: {
      ...TUS,
      'upload-length': String(CONTENT.byteLength),
      'upload-metadata': `filename ${btoa(name)}`,
    },
  })
  expect(created.status).toBe(201)
  const upload = `${demo.url}${created.headers.get('location')}`

  const killed = sleep(random() * 120).then(() => demo.end('SIGKILL'))
  let acknowledged = 0
  try {
    while (acknowledged < CONTENT.byteLength) {
      // The store writes a small piece in one step, and a large one in many.
      const piece = 1 + Math.floor(random() * (random() < 0.5 ? 60_000 : 8 * 2 ** 20))
      acknowledged = await append(upload, acknowledged, piece)
    }
  } catch {
    // The server died at this moment.
  }
  await killed
  await demo.start()

  const found = await fetch(upload, { method: 'HEAD', headers: TUS })
  expect(found.status).toBe(200)
  const offset = Number(found.headers.get('upload-offset'))
  expect(offset).toBeGreaterThanOrEqual(acknowledged)
  expect(offset).toBeLessThanOrEqual(CONTENT.byteLength)

  const end = await append(upload, offset, CONTENT.byteLength)
  expect(end).toBe(CONTENT.byteLength)
  const ended = await fetch(upload, { method: 'HEAD', headers: TUS })
  const location = ended.headers.get('content-location')
  expect(location).toBe(`/content/${name}`)
  const digest = createHash('sha256').update(CONTENT).digest('hex')
  expect(await sha256OfUrl(`${demo.url}${location}`, SIGNED_IN)).toBe(digest)
}

/** Sends a piece and returns the offset that was acknowledged. */
function append(upload: string, offset: number, length: number): Promise<number> {
  const piece = CONTENT.subarray(offset, offset + length)
  return new Promise((resolve, reject) => {
    const req = request(upload, {
      method: 'PATCH',
      headers: {
        ...TUS,
        'content-type': 'application/offset+octet-stream',
        'content-length': String(piece.byteLength),
        'upload-offset': String(offset),
      },
    })
    req.on('error', reject)
    req.on('response', (res) => {
      res.resume()
      if (res.statusCode === 204) resolve(Number(res.headers['upload-offset']))
      else reject(new Error(`append at ${offset}: ${res.statusCode}`))
    })
    req.end(piece)
  })
}
