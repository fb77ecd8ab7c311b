import { expect, it } from 'vitest'
import type { PausedBody } from '../client/client.ts'
import { paused } from '../client/client.ts'
import { expectAnswer, expectRefusal } from '../runner/expect-answer.ts'
import type { ClientSession } from '../runner/client-session.ts'
import { eventually, pause } from '../runner/client-session.ts'
import type { Answer } from '../client/client.ts'
import type { Staged } from './guarantee-host.ts'
import { timeOf } from '../time-of.ts'

interface Running {
  readonly path: string
  readonly body: PausedBody
  readonly answer: Promise<Answer>
}

/** An upload to which a request has added 3 of 5 bytes, and pauses. */
async function running(talk: ClientSession): Promise<Running> {
  const path = await talk.create()
  const body = paused('hel')
  const answer = talk.patch(path, 0, body)
  await eventually(() => talk.expectOffset(path, 3))
  return { path, body, answer }
}

/** A client that keeps sending, slowly. */
async function* dripping(count: number): AsyncGenerator<Uint8Array> {
  for (let sent = 0; sent < count; sent += 1) {
    yield Uint8Array.of(97)
    await pause(50)
  }
}

/** A host may tell that the client is gone by the body alone. */
async function* breakingOff(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('hel')
  throw new Error('the connection was lost')
}

/** A resume never waits for a ghost, a look never kills. */
export function turns(staged: Staged): void {
  it(
    'a HEAD answers at once and does no harm to the request that is adding bytes',
    staged(async ({ serve, elsewhere }) => {
      const talk = serve()
      const other = elsewhere(talk)
      const { path, body, answer } = await running(talk)
      for (let times = 0; times < 10; times += 1) {
        expect(await timeOf(() => other.expectOffset(path, 3))).toBeLessThan(2_000)
        await pause(40)
      }
      body.resume('lo')
      expectAnswer(await answer, 204, { 'upload-offset': '5' })
    }),
  )

  it(
    'a PATCH displaces one whose client has gone silent, in less than a second',
    staged(async ({ serve, elsewhere }) => {
      const talk = serve()
      const other = elsewhere(talk)
      const { path, answer } = await running(talk)
      const time = await timeOf(async () => {
        expectAnswer(await other.patch(path, 3, 'lo'), 204, { 'upload-offset': '5' })
      })
      expect(time).toBeLessThan(1_000)
      expectRefusal(await answer, 423, 'interrupted')
      expect(await talk.contentOf(path)).toBe('hello')
    }),
  )

  it(
    'a PATCH at a wrong offset disturbs no running request',
    staged(async ({ serve, elsewhere }) => {
      const talk = serve()
      const other = elsewhere(talk)
      const { path, body, answer } = await running(talk)
      const time = await timeOf(async () => {
        expectRefusal(await other.patch(path, 0, 'hello'), 409, 'offset_mismatch')
        expectRefusal(await other.patch(path, 5, ''), 409, 'offset_mismatch')
      })
      // Who waited for its turn would wait for ten seconds.
      expect(time).toBeLessThan(2_000)
      await pause(400)
      body.resume('lo')
      expectAnswer(await answer, 204, { 'upload-offset': '5' })
    }),
  )

  it(
    'a PATCH that is longer than the upload disturbs no running request',
    staged(async ({ serve, elsewhere }) => {
      const talk = serve()
      const other = elsewhere(talk)
      const { path, body, answer } = await running(talk)
      const time = await timeOf(async () => {
        expectRefusal(await other.patch(path, 3, 'lo!'), 413, 'too_large')
      })
      expect(time).toBeLessThan(2_000)
      body.resume('lo')
      expectAnswer(await answer, 204, { 'upload-offset': '5' })
    }, 'the draft ends an upload whose offset would exceed its length'),
  )

  it(
    'a client that keeps sending is not displaced: the other hears 409 or 423',
    staged(async ({ serve, elsewhere }) => {
      const talk = serve({ lockTimeout: 400 })
      const other = elsewhere(talk, { lockTimeout: 400 })
      const path = await talk.create({ 'upload-length': '20' })
      const answer = talk.patch(path, 0, { chunks: dripping(20) })
      await pause(100)
      const offset = Number((await talk.head(path)).headers['upload-offset'])
      expect([409, 423]).toContain((await other.patch(path, offset, 'bbb')).status)
      expectAnswer(await answer, 204, { 'upload-offset': '20' })
      expect(await talk.contentOf(path)).toBe('a'.repeat(20))
    }),
  )

  it(
    'a DELETE ends the request that is adding bytes',
    staged(async ({ serve, elsewhere }) => {
      const talk = serve()
      const other = elsewhere(talk)
      const { path, answer } = await running(talk)
      expect(await timeOf(async () => expectAnswer(await other.remove(path), 204))).toBeLessThan(
        1_000,
      )
      expectRefusal(await answer, 423, 'interrupted')
      expectAnswer(await talk.head(path), 404)
    }),
  )

  it(
    'a DELETE also ends one whose client keeps sending',
    staged(async ({ serve, elsewhere }) => {
      const talk = serve()
      const other = elsewhere(talk)
      const path = await talk.create({ 'upload-length': '200' })
      const answer = talk.patch(path, 0, { chunks: dripping(200) })
      await pause(100)
      expect(await timeOf(async () => expectAnswer(await other.remove(path), 204))).toBeLessThan(
        1_000,
      )
      expectRefusal(await answer, 423, 'interrupted')
    }),
  )

  it(
    'so does the server itself, on behalf of its application',
    staged(async ({ serve, elsewhere }) => {
      const talk = serve()
      const other = elsewhere(talk)
      const { path, answer } = await running(talk)
      await other.server.remove(path.slice('/files/'.length))
      expectRefusal(await answer, 423, 'interrupted')
      expectAnswer(await talk.head(path), 404)
      await expect(other.server.remove('unknown')).rejects.toMatchObject({ code: 'not_found' })
    }),
  )

  it(
    'of twenty requests that add bytes at one offset, one succeeds',
    staged(async ({ serve, elsewhere }) => {
      const talk = serve()
      const other = elsewhere(talk)
      const path = await talk.create()
      const letters = [...'abcdefghijklmnopqrst']
      const answers = await Promise.all(
        letters.map((letter, index) =>
          (index % 2 === 0 ? talk : other).patch(path, 0, letter.repeat(5)),
        ),
      )
      const won = answers.flatMap(({ status }, index) => (status === 204 ? [index] : []))
      expect(won).toHaveLength(1)
      expect(new Set(answers.map(({ status }) => status))).not.toContain(500)
      expect(await talk.contentOf(path)).toBe(letters[won[0] ?? -1]?.repeat(5))
    }),
  )

  it(
    'a body that pauses for longer than `idleTimeout` is ended and what arrived is kept',
    staged(async ({ serve }) => {
      const talk = serve({ idleTimeout: 150 })
      const { path, answer } = await running(talk)
      expectRefusal(await answer, 423, 'interrupted')
      expectAnswer(await talk.patch(path, 3, 'lo'), 204, { 'upload-offset': '5' })
    }),
  )

  it(
    'a client that goes away is no failure',
    staged(async ({ serve }) => {
      const talk = serve()
      const path = await talk.create({ 'upload-length': '11' })
      await talk.sendUntil(5, `PATCH ${path}`, { 'upload-offset': '0' }, 'hello world')
      expect(talk.events.map(({ type }) => type)).toEqual(['created', 'progress'])
    }),
  )

  it(
    'a body that breaks off is kept by PATCH, and by POST not, whose client never learned its URL',
    staged(async ({ serve, store }) => {
      const talk = serve()
      const path = await talk.create()
      await talk.patch(path, 0, { chunks: breakingOff() })
      await talk.expectOffset(path, 3)
      const bytes = { 'content-type': 'application/offset+octet-stream', 'upload-length': '5' }
      await talk.send('POST /files', bytes, { chunks: breakingOff() })
      const [event] = talk.events.filter(({ type }) => type === 'removed')
      expect(event).toMatchObject({ type: 'removed' })
      expect(await store.find(event?.type === 'removed' ? event.id : '')).toBeNull()
    }, 'a client of the draft learns the URL from a 104 response'),
  )
}
