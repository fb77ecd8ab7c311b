import type { HostOptions } from '../client/test-host.ts'
import { expect, it } from 'vitest'
import { joining } from '../spec/concatenation.ts'
import { expectProblem, startDraftSession } from '../draft-spec/draft-session.ts'
import { expectAnswer, expectRefusal } from '../runner/expect-answer.ts'
import { DEFERRED, pathOf } from '../runner/client-session.ts'
import type { Staged } from './guarantee-host.ts'
import { as, userOf } from './guarantee-host.ts'

/** Ann may upload 8 bytes, every other user as much as the server allows. */
const QUOTAS: HostOptions = {
  maxLength: 20,
  hooks: {
    identify: userOf,
    beforeCreate: (_upload, context) => (userOf(context) === 'ann' ? { maxLength: '8B' } : {}),
  },
}

/** Each user has a limit of their own, besides that of the server. */
export function quotas(staged: Staged): void {
  it(
    'a creation beyond the limit of its user is refused, and the response has that limit',
    staged(async ({ serve }) => {
      const talk = serve(QUOTAS)
      const length = { 'upload-length': '9' }
      const refused = await as('ann', talk).send('POST /files', length)
      expectRefusal(refused, 413, 'too_large')
      expectAnswer(refused, 413, { 'tus-max-size': '8' })
      expectAnswer(await as('bob', talk).send('POST /files', length), 201)
      const beyond = await as('bob', talk).send('POST /files', { 'upload-length': '21' })
      expectAnswer(beyond, 413, { 'tus-max-size': '20' })
      expect(talk.events.filter(({ type }) => type === 'created')).toHaveLength(1)
    }, 'the draft has Upload-Limit for it'),
  )

  it(
    'bytes beyond the limit of its user are refused with the creation of an upload without a length',
    staged(async ({ serve }) => {
      const ann = as('ann', serve(QUOTAS))
      const bytes = { 'content-type': 'application/offset+octet-stream', ...DEFERRED }
      const refused = await ann.send('POST /files', bytes, '123456789')
      expectAnswer(refused, 413, { 'tus-max-size': '8' })
      expectAnswer(await ann.send('POST /files', bytes, '12345678'), 201, { 'tus-max-size': '8' })
    }, 'the draft has Upload-Limit for it'),
  )

  it(
    'an upload without a length keeps the limit of its user, also on another server',
    staged(async ({ serve, elsewhere }) => {
      const talk = serve(QUOTAS)
      const path = await as('ann', talk).create(DEFERRED)
      const ann = as('ann', elsewhere(talk, { ...QUOTAS, hooks: { identify: userOf } }))
      expectAnswer(await ann.head(path), 200, { 'tus-max-size': '8' })
      expectAnswer(await ann.patch(path, 0, '12345'), 204)
      const declared = { 'upload-offset': '5', 'upload-length': '9' }
      const refused = await ann.send(`PATCH ${path}`, declared)
      expectRefusal(refused, 413, 'too_large')
      expectAnswer(refused, 413, { 'tus-max-size': '8' })
      expectAnswer(await ann.patch(path, 5, '6789'), 413, { 'tus-max-size': '8' })
      const exact = { 'upload-offset': '5', 'upload-length': '8' }
      expectAnswer(await ann.send(`PATCH ${path}`, exact, '678'), 204, { 'upload-offset': '8' })
    }, 'the draft has Upload-Limit for it'),
  )

  it(
    'the limit of its user holds for the length of joined parts',
    staged(async ({ serve }) => {
      const ann = as('ann', serve(QUOTAS))
      const part = await ann.upload('hello', { 'upload-concat': 'partial' })
      expectRefusal(await ann.send('POST /files', joining(part, part)), 413, 'too_large')
      await ann.create(joining(part))
    }),
  )

  it(
    'a client of the IETF draft learns the limit of its user in Upload-Limit',
    staged(async ({ serve }) => {
      const talk = serve(QUOTAS)
      const ann = startDraftSession(as('ann', talk))
      const fields = { 'upload-complete': '?0' }
      const refused = await ann.send('POST /files', { ...fields, 'upload-length': '9' })
      expectProblem(refused, 413, 'too_large')
      expect(refused.headers['upload-limit']).toContain('max-size=8')
      const created = await ann.send('POST /files', fields, '12345')
      expectAnswer(created, 201)
      expect(created.headers['upload-limit']).toContain('max-size=8')
      const path = pathOf(created)
      expect((await ann.head(path)).headers['upload-limit']).toContain('max-size=8')
      expectProblem(await ann.append(path, 5, '6789'), 413, 'too_large')
      expectAnswer(await ann.complete(path, 5, '678'), 201)
      const bob = startDraftSession(as('bob', talk))
      const other = await bob.send('POST /files', fields)
      expect(other.headers['upload-limit']).toContain('max-size=20')
    }, 'it speaks the draft itself'),
  )
}
