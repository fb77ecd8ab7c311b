import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { paused } from '../client/client.ts'
import { expectAnswer, expectRefusal } from '../runner/expect-answer.ts'
import { eventually, pause } from '../runner/client-session.ts'
import type { Staged } from './guarantee-host.ts'
import { as, idOf, userOf } from './guarantee-host.ts'

/** Sweeps run only when the test calls them. */
const BY_HAND = { sweepEvery: 2 ** 31 - 1 }

/** Only abandoned uploads expire. */
export function expiry(staged: Staged): void {
  it(
    'an upload that grows does not expire',
    staged(async ({ serve }) => {
      const talk = serve({ ...BY_HAND, expireAfter: 3_000 })
      const path = await talk.create({ 'upload-length': '4' })
      for (let offset = 0; offset < 4; offset += 1) {
        expectAnswer(await talk.patch(path, offset, 'x'), 204)
        await pause(800)
        await talk.server.sweep()
      }
      expect(await talk.contentOf(path)).toBe('xxxx')
    }),
  )

  it(
    'with `expireFrom: creation` an upload that grows expires as well: it is 410, and 404 after a sweep',
    staged(async ({ serve }) => {
      const talk = serve({ ...BY_HAND, expireAfter: 600, expireFrom: 'creation' })
      const path = await talk.create({ 'upload-length': '100' })
      await eventually(async () => {
        const { headers } = await talk.head(path)
        const answer = await talk.patch(path, Number(headers['upload-offset'] ?? 0), 'x')
        expectRefusal(answer, 410, 'expired')
      })
      expectAnswer(await talk.head(path), 410)
      expect(await talk.server.sweep()).toEqual({ expired: 1, settled: 0, forgotten: 0 })
      expectAnswer(await talk.head(path), 404)
      expectRefusal(await talk.patch(path, 0, 'x'), 404, 'not_found')
    }),
  )

  it(
    'a completed upload never expires, and a full upload without an outcome does not either',
    staged(async ({ serve, store }) => {
      let open = false
      const talk = serve({
        ...BY_HAND,
        expireAfter: 50,
        hooks: {
          onComplete() {
            if (!open) throw new Error('not yet')
          },
        },
      })
      // Created in the store directly: on a slow machine it could expire between two requests.
      const facts = { owner: null, attributes: {}, concatenation: null, concatenationField: null }
      const upload = { id: 'full', length: 5, metadata: '', createdAt: new Date(), ...facts }
      await store.create(upload)
      async function* hello(): AsyncGenerator<Uint8Array> {
        yield Buffer.from('hello')
      }
      await store.append('full', 0, hello(), { token: 1 })
      await pause(100)
      expect(await talk.server.sweep()).toEqual({ expired: 0, settled: 0, forgotten: 0 })
      open = true
      expect(await talk.server.sweep()).toEqual({ expired: 0, settled: 1, forgotten: 0 })
      await pause(100)
      expect(await talk.server.sweep()).toEqual({ expired: 0, settled: 0, forgotten: 0 })
      expect(await talk.contentOf('/files/full')).toBe('hello')
    }),
  )

  it(
    'with `keepCompleted` the sweep removes completed uploads',
    staged(async ({ serve }) => {
      const talk = serve({ ...BY_HAND, keepCompleted: 100 })
      const [complete, incomplete] = [await talk.upload('hello'), await talk.create()]
      await pause(150)
      expect(await talk.server.sweep()).toEqual({ expired: 0, settled: 0, forgotten: 1 })
      expectAnswer(await talk.head(complete), 404)
      await talk.expectOffset(incomplete, 0)
    }),
  )

  it(
    'a sweep of this server or another one does not disturb a running append',
    staged(async ({ serve, elsewhere }) => {
      const talk = serve({ ...BY_HAND, expireAfter: 100 })
      const body = paused('h')
      const bytes = { 'content-type': 'application/offset+octet-stream', 'upload-length': '5' }
      const answer = talk.send('POST /files', bytes, body)
      await pause(300)
      for (const { server } of [talk, elsewhere(talk, { ...BY_HAND, expireAfter: 100 })]) {
        expect(await server.sweep()).toMatchObject({ expired: 0 })
      }
      body.resume('ello')
      expectAnswer(await answer, 201, { 'upload-offset': '5' })
    }),
  )

  it(
    'the server sweeps by itself, and reports the expired upload',
    staged(async ({ serve, store }) => {
      const talk = serve({ expireAfter: 100, sweepEvery: 50 })
      const id = idOf(await talk.create())
      // The event comes after the removal, so an absent upload alone does not mean that it was reported.
      await expect
        .poll(() => talk.events, { timeout: 15_000 })
        .toContainEqual({ type: 'removed', id, reason: 'expired' })
      expect(await store.find(id)).toBeNull()
    }),
  )

  it(
    'a complete part of a parallel upload does not expire while another part of its owner grows',
    staged(async ({ serve }) => {
      const server = serve({
        sweepEvery: BY_HAND.sweepEvery,
        expireAfter: 2_000,
        hooks: { identify: userOf },
      })
      const [talk, other] = [as('alice', server), as('bob', server)]
      const part = { 'upload-concat': 'partial' }
      const small = await talk.upload('small', part)
      const large = await talk.create({ ...part, 'upload-length': '25' })
      const unrelated = await other.upload('other', part)
      for (let offset = 0; offset < 25; offset += 1) {
        expectAnswer(await talk.patch(large, offset, 'x'), 204)
        await pause(100)
        await talk.server.sweep()
      }
      expectAnswer(await other.head(unrelated), 404)
      const final = { 'upload-length': null, 'upload-concat': `final;${small} ${large}` }
      expect(await talk.contentOf(await talk.create(final))).toBe(`small${'x'.repeat(25)}`)
      await eventually(async () => {
        await talk.server.sweep()
        expectAnswer(await talk.head(small), 404)
        expectAnswer(await talk.head(large), 404)
      })
    }),
  )

  it(
    'an upload does not expire while a body with a checksum arrives',
    staged(async ({ serve, elsewhere }) => {
      const talk = serve({ sweepEvery: BY_HAND.sweepEvery, expireAfter: 400 })
      const path = await talk.create({ 'upload-length': '5' })
      const body = paused('hel')
      const fields = {
        'upload-offset': '0',
        'upload-checksum': `sha1 ${createHash('sha1').update('hello').digest('base64')}`,
      }
      const answer = talk.send(`PATCH ${path}`, fields, body)
      await pause(800)
      await talk.expectOffset(path, 0)
      await elsewhere(talk, { expireAfter: 400 }).expectOffset(path, 0)
      await talk.server.sweep()
      body.resume('lo')
      expectAnswer(await answer, 204, { 'upload-offset': '5' })
      expect(await talk.contentOf(path)).toBe('hello')
    }),
  )
}
