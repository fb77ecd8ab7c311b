import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { random, rounds } from '../../testing/test/support/test-rounds.ts'
import { programPath } from './support/programs.ts'

const KILLS = 3 * rounds
const LENGTH = 256 * 1024

let directory: string
let origin: string
let child: ChildProcess
let died: AbortSignal

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tusker-server-'))
  await start()
})
afterEach(async () => {
  child?.kill('SIGKILL')
  await rm(directory, { recursive: true, force: true })
})

it(
  'makes one whole object of each upload, however often the server is killed',
  async () => {
    const places = new Map<string, number>()
    let kills = 0
    for (let number = 0; kills < KILLS; number += 1) {
      const kill = setTimeout(() => child.kill('SIGKILL'), random() * 60)
      places.set(await uploadHowever(number, () => (kills += 1)), number)
      clearTimeout(kill)
      expect(places.size).toBe(number + 1)
    }
    for (const [place, number] of places) {
      const bytes = Buffer.from(await (await fetch(origin + place)).arrayBuffer())
      expect(bytes.equals(contentOf(number))).toBe(true)
    }
    const listing = await fetch(`${origin}/content`)
    const { items }: { items: unknown[] } = JSON.parse(await listing.text())
    expect(items).toHaveLength(places.size)
  },
  60_000 * (1 + rounds),
)

/** Uploads as clients do: when the connection breaks, ask for the offset and go on from there. */
async function uploadHowever(number: number, onCrash: () => void): Promise<string> {
  let upload: string | null = null
  while (true) {
    try {
      upload ??= await create()
      const look = await request('HEAD', upload)
      const known = look.headers.get('content-location')
      if (known !== null) return known
      const offset = Number(look.headers.get('upload-offset'))
      const patched = await request(
        'PATCH',
        upload,
        { 'upload-offset': String(offset) },
        contentOf(number).subarray(offset),
      )
      const location = patched.headers.get('location')
      if (location !== null) return location
    } catch (error) {
      // What `fetch` says of a connection that broke.
      if (!(error instanceof TypeError)) throw error
      onCrash()
      await start()
    }
  }
}

async function create(): Promise<string> {
  const fields = { 'upload-length': String(LENGTH), 'upload-metadata': 'filename YS5iaW4=' }
  const { headers } = await request('POST', '/content/@tus-upload', fields)
  return headers.get('location') ?? ''
}

async function request(
  method: string,
  path: string,
  fields: Record<string, string> = {},
  body?: Uint8Array<ArrayBuffer>,
): Promise<Response> {
  const headers = {
    'tus-resumable': '1.0.0',
    ...(body && { 'content-type': 'application/offset+octet-stream' }),
    ...fields,
  }
  const signal = died
  const response = await fetch(origin + path, { method, headers, signal, ...(body && { body }) })
  expect(response.status).toBeLessThan(300)
  return response
}

/** Starts a server, and another one if that is killed before it is ready. */
async function start(): Promise<void> {
  while (true) {
    child = spawn(process.execPath, [programPath('crashing-server'), directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const closed = once(child, 'close').then(() => null)
    const server = new AbortController()
    // `fetch` of Node 20 sometimes waits for ever for a server that died just after it was reached.
    void closed.then(() => server.abort(new TypeError('the server died')))
    died = server.signal
    const ready = await Promise.race([closed, once(child.stdout ?? child, 'data')])
    if (ready === null && child.exitCode !== null) throw new Error('the server does not start')
    if (ready === null) continue
    origin = `http://127.0.0.1:${String(ready[0]).trim()}`
    return
  }
}

function contentOf(number: number): Buffer<ArrayBuffer> {
  return Buffer.alloc(LENGTH, `upload ${number} `)
}
