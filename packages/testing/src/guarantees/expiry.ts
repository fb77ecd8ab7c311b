import { expect, it } from 'vitest'
import { paused } from '../client/client.ts'
import { expectAnswer } from '../runner/expect-answer.ts'
import { eventually, pause } from '../runner/client-session.ts'
import type { Staged } from './guarantee-host.ts'
import { idOf } from './guarantee-host.ts'

/** Sweeps run only when the test calls them. */
const BY_HAND = { sweepEvery: 2 ** 31 - 1 }

/** Only abandoned uploads expire. */
export function expiry(staged: Staged): void {
  it(
    'an upload that grows does not expire',
    staged(async ({ serve }) => {
      const talk = serve({ ...BY_HAND, expireAfter: 600 })
      const path = await talk.create({ 'upload-length': '4' })
      for (let offset = 0; offset < 4; offset += 1) {
        expectAnswer(await talk.patch(path, offset, 'x'), 204)
        await pause(250)
        await talk.server.sweep()
      }
      expect(await talk.contentOf(path)).toBe('xxxx')
    }),
  )

  it(
    'with `expireFrom: creation` an upload that grows expires as well',
    staged(async ({ serve }) => {
      const talk = serve({ ...BY_HAND, expireAfter: 600, expireFrom: 'creation' })
      const path = await talk.create({ 'upload-length': '100' })
      await eventually(async () => {
        const { headers } = await talk.head(path)
        expectAnswer(await talk.patch(path, Number(headers['upload-offset'] ?? 0), 'x'), 410)
      })
      expect(await talk.server.sweep()).toEqual({ expired: 1, settled: 0, forgotten: 0 })
    }),
  )

  it(
    'a completed upload never expires, and a full upload without an outcome does not either',
    staged(async ({ serve, store }) => {
      let open = false
      const talk = serve({
        ...{ ...BY_HAND, expireAfter: 50 },
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
    'a sweep does not disturb a running append',
    staged(async ({ serve }) => {
      const talk = serve({ ...BY_HAND, expireAfter: 100 })
      const body = paused('h')
      const bytes = { 'content-type': 'application/offset+octet-stream', 'upload-length': '5' }
      const answer = talk.send('POST /files', bytes, body)
      await pause(300)
      expect(await talk.server.sweep()).toMatchObject({ expired: 0 })
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
}
