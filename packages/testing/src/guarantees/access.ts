import type { HostOptions } from '../client/test-host.ts'
import { UploadError } from '@tusker/core'
import { expect, it } from 'vitest'
import { joining } from '../spec/concatenation.ts'
import { expectAnswer, expectRefusal } from '../runner/expect-answer.ts'
import { pathOf } from '../runner/client-session.ts'
import { paused } from '../client/client.ts'
import { startDraftSession } from '../draft-spec/draft-session.ts'
import type { Staged } from './guarantee-host.ts'
import { timeOf } from '../time-of.ts'
import { as, userOf } from './guarantee-host.ts'

const OWNED: HostOptions = { hooks: { identify: userOf } }

/** Each request needs permission, each time. */
export function access(staged: Staged): void {
  it(
    'an upload with an owner refuses every other user',
    staged(async ({ serve }) => {
      const talk = serve(OWNED)
      const [ann, bob, anonymous] = [as('ann', talk), as('bob', talk), as(null, talk)]
      const path = await ann.create()
      const complete = await ann.upload('hello')
      for (const other of [bob, anonymous]) {
        expectAnswer(await other.head(path), 403, { 'upload-offset': null })
        expectRefusal(await other.patch(path, 0, 'HELLO'), 403, 'forbidden')
        expectRefusal(await other.remove(path), 403, 'forbidden')
        expectRefusal(await other.send(`GET ${complete}`), 403, 'forbidden')
      }
      expectAnswer(await ann.patch(path, 0, 'hello'), 204)
      expect(await ann.contentOf(path)).toBe('hello')
      expectAnswer(await ann.remove(path), 204)
    }),
  )

  it(
    'an upload without an owner is open to every client',
    staged(async ({ serve }) => {
      const talk = serve(OWNED)
      const path = await as(null, talk).create()
      expectAnswer(await as('bob', talk).patch(path, 0, 'hel'), 204)
      expectAnswer(await as(null, talk).patch(path, 3, 'lo'), 204)
    }),
  )

  it(
    'the parts of another user cannot be concatenated',
    staged(async ({ serve }) => {
      const talk = serve(OWNED)
      const part = await as('ann', talk).upload('hello', { 'upload-concat': 'partial' })
      const answer = await as('bob', talk).send('POST /files', joining(part))
      expectRefusal(answer, 400, 'invalid_part')
      await as('ann', talk).create(joining(part))
    }),
  )

  it(
    'a caller that `authorize` allows may use the upload of another owner, and no other caller may',
    staged(async ({ serve }) => {
      const talk = serve({
        hooks: {
          identify: userOf,
          authorize: (action, _upload, context) =>
            action !== 'create' && userOf(context) === 'mod' ? 'allow' : undefined,
        },
      })
      const [ann, bob, mod] = [as('ann', talk), as('bob', talk), as('mod', talk)]
      const path = await ann.create()
      const part = await ann.upload('hello', { 'upload-concat': 'partial' })
      expectAnswer(await mod.head(path), 200, { 'upload-offset': '0' })
      expectAnswer(await mod.patch(path, 0, 'hello'), 204, { 'upload-offset': '5' })
      expect(await mod.contentOf(path)).toBe('hello')
      await mod.create(joining(part))
      expectRefusal(await bob.remove(path), 403, 'forbidden')
      expectRefusal(await bob.send('POST /files', joining(part)), 400, 'invalid_part')
      expectAnswer(await mod.remove(path), 204)
    }),
  )

  it(
    'a caller that `authorize` allows may look at uploads of the IETF draft, continue and cancel them',
    staged(async ({ serve }) => {
      const talk = serve({
        hooks: {
          identify: userOf,
          authorize: (action, upload, context) =>
            upload.owner === 'ann' && userOf(context) === 'mod' ? 'allow' : undefined,
        },
      })
      const [ann, bob, mod] = [as('ann', talk), as('bob', talk), as('mod', talk)]
      const path = await startDraftSession(ann).create()
      for (const [session, status] of [
        [bob, 403],
        [mod, 204],
      ] as const) {
        const draft = startDraftSession(session)
        expectAnswer(await draft.head(path), status)
        expectAnswer(await draft.append(path, 0, 'hello'), status)
        expectAnswer(await draft.remove(path), status)
      }
    }, 'it speaks the draft itself'),
  )

  it(
    'a result of `authorize` that has no meaning refuses the request',
    staged(async ({ serve }) => {
      const talk = serve({ hooks: { authorize: (): 'allow' => false as unknown as 'allow' } })
      const answer = await talk.send('POST /files', { 'upload-length': '5' })
      expectRefusal(answer, 500, 'internal')
      expect(talk.events).toMatchObject([{ type: 'failed', error: { name: 'TypeError' } }])
    }),
  )

  it(
    'a request without permission disturbs no running request',
    staged(async ({ serve }) => {
      const talk = serve(OWNED)
      const [ann, bob] = [as('ann', talk), as('bob', talk)]
      const path = await ann.create()
      const body = paused('hel')
      const running = ann.patch(path, 0, body)
      await expect.poll(async () => (await ann.head(path)).headers['upload-offset']).toBe('3')
      const time = await timeOf(async () => {
        expectRefusal(await bob.patch(path, 3, 'LO'), 403, 'forbidden')
        expectRefusal(await bob.remove(path), 403, 'forbidden')
      })
      expect(time).toBeLessThan(2_000)
      await new Promise((resolve) => setTimeout(resolve, 400))
      body.resume('lo')
      expectAnswer(await running, 204, { 'upload-offset': '5' })
    }),
  )

  it(
    '`authorize` runs for every request, and for the completion',
    staged(async ({ serve }) => {
      const asked: string[] = []
      const talk = serve({
        hooks: {
          authorize(action, upload, context) {
            asked.push(`${action} ${upload.length} ${userOf(context)}`)
          },
        },
      })
      const ann = as('ann', talk)
      const path = await ann.create({ 'upload-concat': 'partial' })
      await ann.head(path)
      await ann.patch(path, 0, 'hello')
      await ann.contentOf(path)
      await ann.send('POST /files', joining(path))
      await ann.remove(path)
      // Twice when the request waits for the lease: the permission can change meanwhile.
      const distinct = asked.filter((entry, index) => entry !== asked[index - 1])
      expect(distinct.map((entry) => entry.replace(' 5 ann', ''))).toEqual([
        'create',
        'inspect',
        'append',
        'complete',
        'read',
        'concatenate',
        'create',
        'complete',
        'remove',
      ])
    }),
  )

  it(
    'a request that `authorize` refuses changes nothing',
    staged(async ({ serve }) => {
      let open = true
      const talk = serve({
        hooks: {
          authorize() {
            if (open) return
            const headers = { 'www-authenticate': 'Basic realm="uploads"' }
            throw new UploadError('unauthenticated', 'log in first', { headers })
          },
        },
      })
      const path = await talk.create()
      open = false
      const before = talk.events.length
      const lines = [
        'POST /files',
        `HEAD ${path}`,
        `PATCH ${path}`,
        `DELETE ${path}`,
        `GET ${path}`,
      ]
      for (const line of lines) {
        const answer = await talk.send(line, { 'upload-length': '5', 'upload-offset': '0' })
        expectAnswer(answer, 401, { 'www-authenticate': 'Basic realm="uploads"' })
      }
      expect(talk.events).toHaveLength(before)
      open = true
      await talk.expectOffset(path, 0)
    }),
  )

  it(
    'an unexpected error of a hook is reported to the listener and not to the client',
    staged(async ({ serve }) => {
      const talk = serve({
        hooks: {
          authorize() {
            throw new TypeError('secret')
          },
        },
      })
      const answer = await talk.send('POST /files', { 'upload-length': '5' })
      expectRefusal(answer, 500, 'internal')
      expect(answer.text).not.toContain('secret')
      expect(talk.events).toMatchObject([{ type: 'failed', error: new TypeError('secret') }])
    }),
  )

  it(
    'the `beforeCreate` hook can set the id, the metadata, and attributes that clients do not see',
    staged(async ({ serve, store }) => {
      const changes = { id: 'mine', metadata: 'name eA==', attributes: { user: 'ann' } }
      const talk = serve({ hooks: { beforeCreate: () => changes } })
      const answer = await talk.send('POST /files', { 'upload-length': '5' })
      expect(pathOf(answer)).toBe('/files/mine')
      const head = await talk.head('/files/mine')
      expectAnswer(head, 200, { 'upload-metadata': 'name eA==' })
      expect(JSON.stringify(head)).not.toContain('ann')
      expect((await store.find('mine'))?.attributes).toEqual({ user: 'ann' })
      expectRefusal(await talk.send('POST /files', { 'upload-length': '5' }), 409, 'id_taken')
    }, 'a look by the draft shows no metadata'),
  )

  it(
    'the `beforeCreate` hook can add fields to the response, but not replace those of the protocol',
    staged(async ({ serve }) => {
      const headers = { 'X-Job': '7', Location: '/elsewhere', 'Upload-Offset': '99' }
      const talk = serve({ hooks: { beforeCreate: () => ({ id: 'mine', headers }) } })
      const created = await talk.send('POST /files', { 'upload-length': '5' })
      expectAnswer(created, 201, { 'x-job': '7', 'upload-offset': '0' })
      expect(pathOf(created)).toBe('/files/mine')
    }),
  )

  it(
    'the `beforeCreate` hook can add fields to the response to a creation of the IETF draft',
    staged(async ({ serve }) => {
      const headers = { 'X-Job': '7', 'Upload-Complete': '?7' }
      const draft = startDraftSession(serve({ hooks: { beforeCreate: () => ({ headers }) } }))
      for (const complete of ['?0', '?1']) {
        const answer = await draft.send('POST /files', { 'upload-complete': complete }, 'hello')
        expectAnswer(answer, 201, { 'x-job': '7', 'upload-complete': complete })
      }
    }, 'it speaks the draft itself'),
  )

  it.for<[string, object]>([
    ['a property that does not exist', { maxlength: 5 }],
    ['an id that is not valid', { id: 'a/b' }],
    ['a limit that is not a size', { maxLength: 'much' }],
  ])('a `beforeCreate` hook that returns %s creates no upload', ([, changes], context) =>
    staged(async ({ serve }) => {
      const talk = serve({ hooks: { beforeCreate: () => changes } })
      const answer = await talk.send('POST /files', { 'upload-length': '5' })
      expectRefusal(answer, 500, 'internal')
      expect(talk.events).toMatchObject([{ type: 'failed', error: { name: 'TypeError' } }])
    })(context),
  )
}
