import assert from 'node:assert/strict'
import type { Conversation } from '../runner/conversation.ts'
import { expectAnswer, expectRefusal } from '../runner/expect-answer.ts'
import { eventually, extensionsOf, pause } from '../runner/client-session.ts'

const needs = 'expiration'
const HOUR = 3_600_000
const DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/

/** Within a minute, for the time a slow machine may take. */
function inAnHour(field: string | undefined): void {
  assert.match(field ?? '', DATE)
  const away = Date.parse(field ?? '') - Date.now()
  assert.ok(away > HOUR - 60_000 && away <= HOUR, `${away} milliseconds away`)
}

/** tus 1.0, Expiration. */
export const expiration: readonly Conversation[] = [
  {
    id: 'expiration-1',
    level: 'MAY',
    sentence: 'The Server MAY remove unfinished uploads once they expire.',
    needs,
    options: { expireAfter: 500, sweepEvery: 2_000_000 },
    choice: 'The sweep removes unfinished uploads only, and disturbs no running request.',
    async run({ create, upload, server, head, contentOf, events }) {
      const path = await create()
      await pause(600)
      const complete = await upload('hello')
      await pause(600)
      await server.sweep()
      expectAnswer(await head(path), 404)
      assert.equal(await contentOf(complete), 'hello')
      assert.deepEqual(
        events.flatMap((event) => (event.type === 'removed' ? [event.reason] : [])),
        ['expired'],
      )
    },
  },
  {
    id: 'expiration-2',
    level: 'MUST',
    sentence:
      'In order to indicate this behavior to the Client, the Server MUST add `expiration` to the `Tus-Extension` header.',
    needs,
    options: { expireAfter: HOUR },
    async run(talk) {
      assert.ok((await extensionsOf(talk)).includes(needs))
    },
  },
  {
    id: 'expiration-3',
    level: 'states',
    sentence:
      'The `Upload-Expires` response header indicates the time after which the unfinished upload expires.',
    needs,
    options: { expireAfter: HOUR },
    choice: 'HEAD says it as well.',
    async run({ create, head }) {
      inAnHour((await head(await create())).headers['upload-expires'])
    },
  },
  {
    id: 'expiration-4',
    level: 'MAY',
    sentence:
      'A Server MAY wish to remove incomplete uploads after a given period of time to prevent abandoned uploads from taking up extra storage.',
    choice: 'Off unless `expireAfter` is set; nothing is announced then.',
    async run(talk) {
      assert.ok(!(await extensionsOf(talk)).includes(needs))
      const path = await talk.create()
      expectAnswer(await talk.head(path), 200, { 'upload-expires': null })
      expectAnswer(await talk.patch(path, 0, 'hel'), 204, { 'upload-expires': null })
    },
  },
  {
    id: 'expiration-5',
    level: 'SHOULD',
    sentence:
      'The Client SHOULD use this header to determine if an upload is still valid before attempting to resume the upload.',
    run: null,
    reason: 'binds clients',
  },
  {
    id: 'expiration-6',
    level: 'MUST',
    sentence:
      'This header MUST be included in every `PATCH` response if the upload is going to expire.',
    needs,
    options: { expireAfter: HOUR },
    choice:
      'Refused requests included. A complete upload does not expire, so its last answer has none.',
    async run({ create, patch, send }) {
      const path = await create()
      inAnHour((await patch(path, 0, 'hel')).headers['upload-expires'])
      const refused = await patch(path, 0, 'hel')
      expectRefusal(refused, 409, 'offset_mismatch')
      inAnHour(refused.headers['upload-expires'])
      const tooLong = await patch(path, 3, 'lo world')
      expectRefusal(tooLong, 413, 'too_large')
      inAnHour(tooLong.headers['upload-expires'])
      const text = { 'upload-offset': '3', 'content-type': 'text/plain' }
      inAnHour((await send(`PATCH ${path}`, text, 'lo')).headers['upload-expires'])
      expectAnswer(await patch(path, 3, 'lo'), 204, { 'upload-expires': null })
    },
  },
  {
    id: 'expiration-7',
    level: 'MUST',
    sentence:
      'If the expiration is known at the creation, the `Upload-Expires` header MUST be included in the response to the initial `POST` request.',
    needs,
    options: { expireAfter: HOUR },
    async run({ send }) {
      const answer = await send('POST /files', { 'upload-length': '5' })
      inAnHour(answer.headers['upload-expires'])
    },
  },
  {
    id: 'expiration-8',
    level: 'MAY',
    sentence: 'Its value MAY change over time.',
    needs,
    options: { expireAfter: HOUR },
    choice: 'It moves on as long as the upload grows; with `expireFrom: creation` it does not.',
    async run({ create, patch, head }) {
      const path = await create()
      const before = Date.parse((await head(path)).headers['upload-expires'] ?? '')
      await pause(1_100)
      expectAnswer(await patch(path, 0, 'hel'), 204)
      const after = Date.parse((await head(path)).headers['upload-expires'] ?? '')
      assert.ok(after > before, `${after} is later than ${before}`)
    },
  },
  {
    id: 'expiration-9',
    level: 'SHOULD',
    sentence:
      'If a Client does attempt to resume an upload which has since been removed by the Server, the Server SHOULD respond with the `404 Not Found` or `410 Gone` status.',
    needs,
    options: { expireAfter: 50, sweepEvery: 2_000_000 },
    async run({ create, patch, head, server }) {
      const path = await create()
      await pause(100)
      await server.sweep()
      expectRefusal(await patch(path, 0, 'hello'), 404, 'not_found')
      expectAnswer(await head(path), 404, { 'upload-offset': null })
    },
  },
  {
    id: 'expiration-10',
    level: 'SHOULD',
    sentence: 'The latter one SHOULD be used if the Server is keeping track of expired uploads.',
    needs,
    options: { expireAfter: 50, sweepEvery: 2_000_000 },
    choice: 'An expired upload is 410 until it is swept; nothing is remembered of it then.',
    async run({ create, patch, head }) {
      const path = await create()
      await eventually(async () => expectAnswer(await head(path), 410, { 'upload-offset': null }))
      expectRefusal(await patch(path, 0, 'hello'), 410, 'expired')
    },
  },
  {
    id: 'expiration-11',
    level: 'SHOULD',
    sentence: 'In both cases the Client SHOULD start a new upload.',
    run: null,
    reason: 'binds clients',
  },
  {
    id: 'expiration-12',
    level: 'MUST',
    sentence: 'The value of the `Upload-Expires` header MUST be in RFC 7231 datetime format.',
    needs,
    options: { expireAfter: HOUR },
    async run({ create, head }) {
      assert.match((await head(await create())).headers['upload-expires'] ?? '', DATE)
    },
  },
]
