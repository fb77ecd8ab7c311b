import { request as httpRequest } from 'node:http'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { isLong } from '../../../packages/testing/test/support/test-rounds.ts'
import { FRAMEWORKS } from '../src/frameworks/load-framework.ts'
import type { Demo } from './support/demo-process.ts'
import { SIGNED_IN, startDemo } from './support/demo-process.ts'
import type { EventStream, StreamMessage } from './support/event-stream.ts'
import { listenTo } from './support/event-stream.ts'

const TUS = { 'tus-resumable': '1.0.0' }
const BYTES = { ...TUS, 'content-type': 'application/offset+octet-stream' }

type Fields = Readonly<Record<string, string>>

/** An upload as the list describes it. */
interface Listed {
  readonly id: string
  readonly url: string
  readonly owner: string
  readonly mine: boolean
  readonly offset: number
}

interface Changes {
  readonly changed: readonly Listed[]
  readonly gone: readonly {
    readonly id: string
    readonly how: string
    readonly location: string | null
  }[]
}

const as = (name: string): Fields => ({ authorization: `Basic ${btoa(`${name}:secret`)}` })

const streams: EventStream[] = []
afterEach(() => {
  for (const stream of streams.splice(0)) stream.close()
})

async function listen(demo: Demo, fields: Fields = SIGNED_IN): Promise<EventStream> {
  const stream = await listenTo(`${demo.url}/uploads/events`, fields)
  streams.push(stream)
  return stream
}

async function begin(demo: Demo, fields: Fields = SIGNED_IN, length = 10): Promise<string> {
  const created = await fetch(`${demo.url}/content/@tus-upload`, {
    method: 'POST',
    headers: {
      ...fields,
      ...TUS,
      'upload-length': String(length),
      'upload-metadata': `filename ${Buffer.from('plän.bin').toString('base64')}`,
    },
  })
  expect(created.status).toBe(201)
  return created.headers.get('location') ?? ''
}

async function append(demo: Demo, path: string, at: number, text: string): Promise<number> {
  const headers = { ...SIGNED_IN, ...BYTES, 'upload-offset': String(at) }
  return (await fetch(`${demo.url}${path}`, { method: 'PATCH', headers, body: text })).status
}

async function end(demo: Demo, path: string, fields: Fields = SIGNED_IN): Promise<number> {
  const headers = { ...fields, ...TUS }
  return (await fetch(`${demo.url}${path}`, { method: 'DELETE', headers })).status
}

const idIn = (path: string): string => path.split('/').at(-1) ?? ''
const changesIn = ({ event, data }: StreamMessage): Changes =>
  event === 'changes' ? (data as Changes) : { changed: [], gone: [] }
const isAt = (path: string, offset: number) => (message: StreamMessage) =>
  changesIn(message).changed.some((each) => each.id === idIn(path) && each.offset >= offset)
const hasGone = (path: string, how: string) => (message: StreamMessage) =>
  changesIn(message).gone.some((each) => each.id === idIn(path) && each.how === how)

// Two kinds of host, node:http and fetch. The long form of the tests uses all hosts.
const HOSTS = isLong ? FRAMEWORKS : FRAMEWORKS.filter((name) => ['node', 'hono'].includes(name))

describe.each(HOSTS)('the live list, served by %s', (framework) => {
  it('sends all unfinished uploads, then changes, and does not keep the server from closing', {
    timeout: 60_000,
  }, async () => {
    const demo = await startDemo({ FRAMEWORK: framework })
    try {
      const first = await begin(demo)
      const stream = await listen(demo)
      expect(await stream.next()).toEqual({
        event: 'uploads',
        data: [
          {
            id: idIn(first),
            url: first,
            context: '/',
            contextUrl: '/content',
            mode: 'create',
            fileName: 'plän.bin',
            mediaType: 'application/octet-stream',
            owner: 'admin',
            mine: true,
            offset: 0,
            length: 10,
            idleFor: expect.any(Number),
            createdAt: expect.stringMatching(/Z$/),
            updatedAt: expect.stringMatching(/Z$/),
            expiresAt: expect.stringMatching(/Z$/),
          },
        ],
      })

      expect(await append(demo, first, 0, 'hello')).toBe(204)
      await stream.until(isAt(first, 5))
      const second = await begin(demo)
      await stream.until(isAt(second, 0))
      expect(await append(demo, first, 5, 'world')).toBe(204)
      const done = await stream.until(hasGone(first, 'completed'))
      expect(changesIn(done).gone[0]?.location).toBe('/content/pl%C3%A4n.bin')
      expect(await end(demo, second)).toBe(204)
      await stream.until(hasGone(second, 'removed'))

      const before = performance.now()
      const ended = demo.end('SIGTERM')
      expect(await stream.next()).toBeNull()
      expect(await ended).toBe(0)
      // The server cuts connections that are still open after ten seconds.
      expect(performance.now() - before).toBeLessThan(9_000)
      expect(demo.log()).not.toContain('"level":50')
    } finally {
      await demo.dispose()
    }
  })
})

describe('the live list of two processes over one directory', () => {
  let directory: string
  let here: Demo
  let there: Demo

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tusker-live-'))
    const all = ['view', 'add', 'modify', 'manage']
    const rights = { '/': { admin: all, ada: ['view', 'add', 'modify'], bob: ['view', 'add'] } }
    const users = { admin: 'secret', ada: 'secret', bob: 'secret' }
    const file = join(directory, 'users.json')
    await writeFile(file, JSON.stringify({ users, rights }))
    const settings = { DATA_DIR: directory, USERS_FILE: file }
    ;[here, there] = await Promise.all([startDemo(settings), startDemo(settings)])
  })
  afterAll(async () => {
    await Promise.all([here?.dispose(), there?.dispose()])
    await rm(directory, { recursive: true, force: true })
  })

  it('needs a signed-in user', async () => {
    const refused = await fetch(`${here.url}/uploads/events`)
    expect(refused.status).toBe(401)
    expect(refused.headers.get('www-authenticate')).toMatch(/^Session /)
    expect((await fetch(`${here.url}/uploads/events`, { method: 'POST' })).status).toBe(405)
  })

  it('shows an upload to the other process, and can cancel it while its bytes arrive', {
    timeout: 60_000,
  }, async () => {
    const stream = await listen(here)
    await stream.until(({ event }) => event === 'uploads')
    const path = await begin(there, as('bob'), 10_000_000)
    await stream.until(isAt(path, 0))

    const sending = httpRequest(`${there.url}${path}`, {
      method: 'PATCH',
      headers: { ...as('bob'), ...BYTES, 'upload-offset': '0', 'content-length': '10000000' },
    })
    const answered = new Promise<number | undefined>((resolve, reject) => {
      sending.on('response', ({ statusCode }) => resolve(statusCode)).on('error', reject)
    })
    sending.write(Buffer.alloc(1_000_000))
    await stream.until(isAt(path, 1_000_000))

    expect(await end(here, path, as('ada'))).toBe(403)
    expect(await end(here, path)).toBe(204)
    expect(await answered).toBeGreaterThanOrEqual(400)
    sending.destroy()
    await stream.until(hasGone(path, 'removed'))
    const look = await fetch(`${there.url}${path}`, {
      method: 'HEAD',
      headers: { ...as('bob'), ...TUS },
    })
    expect(look.status).toBe(404)
  })

  it('shows users their own uploads, and all uploads to those who manage the folder', async () => {
    const path = await begin(here, as('bob'))
    const first = async (fields: Fields): Promise<readonly Listed[]> => {
      const message = await (await listen(there, fields)).next()
      return message?.data as readonly Listed[]
    }
    expect(await first(as('ada'))).toEqual([])
    expect(await first(as('bob'))).toMatchObject([{ id: idIn(path), owner: 'bob', mine: true }])
    expect(await first(SIGNED_IN)).toMatchObject([{ id: idIn(path), owner: 'bob', mine: false }])
    expect(await end(there, path, as('bob'))).toBe(204)
  })

  it('starts again with all uploads for a client that reconnects', async () => {
    const id = idIn(await begin(here))
    const stream = await listen(here)
    await stream.next()
    stream.close()
    const again = await listen(here, { ...SIGNED_IN, 'last-event-id': '7' })
    const first = await again.next()
    expect(first).toMatchObject({ event: 'uploads' })
    // Listeners share a look at the store for a second: a newer upload follows as a change.
    const shown = JSON.stringify(first?.data).includes(id) ? first : await again.next()
    expect(JSON.stringify(shown?.data)).toContain(id)
  })
})
