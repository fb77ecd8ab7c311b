import assert from 'node:assert/strict'
import type { Conversation } from '../runner/conversation.ts'
import { expectAnswer, expectRefusal } from '../runner/expect-answer.ts'
import { DEFERRED, extensionsOf } from '../runner/client-session.ts'

const needs = 'creation-defer-length'

/** tus 1.0, Creation: an upload whose length is declared later. */
export const creationDeferLength: readonly Conversation[] = [
  {
    id: 'defer-1',
    level: 'MUST',
    sentence: 'Its value MUST be `1`. (Upload-Defer-Length)',
    needs,
    async run({ create, head }) {
      expectAnswer(await head(await create(DEFERRED)), 200, { 'upload-defer-length': '1' })
    },
  },
  {
    id: 'defer-2',
    level: 'MUST',
    sentence: 'If the length of an upload is not deferred, this header MUST be omitted.',
    async run({ create, head, upload }) {
      expectAnswer(await head(await create()), 200, { 'upload-defer-length': null })
      expectAnswer(await head(await upload('hello')), 200, { 'upload-defer-length': null })
    },
  },
  {
    id: 'defer-3',
    level: 'MUST',
    sentence:
      'Once it is known the Client MUST set the `Upload-Length` header in the next `PATCH` request.',
    needs,
    choice: 'That request may come without a byte, also after the last one.',
    async run({ create, patch, send, head, contentOf }) {
      const path = await create(DEFERRED)
      expectAnswer(await patch(path, 0, 'hello'), 204)
      const declaring = { 'upload-offset': '5', 'upload-length': '11' }
      expectAnswer(await send(`PATCH ${path}`, declaring, ' wor'), 204, { 'upload-offset': '9' })
      expectAnswer(await head(path), 200, { 'upload-length': '11', 'upload-defer-length': null })
      expectAnswer(await patch(path, 9, 'ld'), 204)
      assert.equal(await contentOf(path), 'hello world')

      const other = await create(DEFERRED)
      expectAnswer(await patch(other, 0, 'hello'), 204)
      const ending = { 'upload-offset': '5', 'upload-length': '5' }
      expectAnswer(await send(`PATCH ${other}`, ending), 204, { 'upload-offset': '5' })
      assert.equal(await contentOf(other), 'hello')
    },
  },
  {
    id: 'defer-4',
    level: 'MUST NOT',
    sentence: 'Once set the length MUST NOT be changed.',
    needs,
    choice:
      'The same length again is fine, as from a client that lost an answer. Another one is 400, and so is one below the offset.',
    async run({ create, send, head }) {
      const path = await create(DEFERRED)
      const declare = (length: string) =>
        send(`PATCH ${path}`, { 'upload-offset': '0', 'upload-length': length })
      expectAnswer(await declare('11'), 204)
      expectAnswer(await declare('11'), 204)
      expectRefusal(await declare('12'), 400, 'length_mismatch')
      expectRefusal(await declare('0'), 400, 'length_mismatch')
      expectAnswer(await head(path), 200, { 'upload-length': '11' })

      const fixed = await create()
      const fields = { 'upload-offset': '0', 'upload-length': '6' }
      expectRefusal(await send(`PATCH ${fixed}`, fields, 'hello'), 400, 'length_mismatch')
      const short = await create(DEFERRED)
      expectAnswer(await send(`PATCH ${short}`, { 'upload-offset': '0' }, 'hello'), 204)
      const below = { 'upload-offset': '5', 'upload-length': '4' }
      expectRefusal(await send(`PATCH ${short}`, below), 400, 'length_mismatch')
    },
  },
  {
    id: 'defer-5',
    level: 'MUST',
    sentence:
      'As long as the length of the upload is not known, the Server MUST set `Upload-Defer-Length: 1` in all responses to `HEAD` requests.',
    needs,
    async run({ create, head, patch }) {
      const path = await create(DEFERRED)
      const expected = { 'upload-defer-length': '1', 'upload-length': null }
      expectAnswer(await head(path), 200, expected)
      expectAnswer(await patch(path, 0, 'hello'), 204)
      expectAnswer(await head(path), 200, expected)
    },
  },
  {
    id: 'defer-6',
    level: 'SHOULD',
    sentence:
      'If the `Upload-Defer-Length` header contains any other value than `1` the server should return a `400 Bad Request` status.',
    async run({ send }) {
      for (const value of ['0', '2', '', 'true', '1, 1', '01']) {
        const fields = { 'upload-defer-length': value }
        expectRefusal(await send('POST /files', fields), 400, 'malformed_request')
        const sized = { ...fields, 'upload-length': '5' }
        expectRefusal(await send('POST /files', sized), 400, 'malformed_request')
      }
    },
  },
  {
    id: 'defer-7',
    level: 'MUST',
    sentence:
      'If the Server supports deferring length, it MUST add `creation-defer-length` to the `Tus-Extension` header.',
    choice: 'Where it is not announced, Upload-Defer-Length is 400.',
    async run(talk) {
      const announced = (await extensionsOf(talk)).includes(needs)
      const answer = await talk.send('POST /files', DEFERRED)
      if (announced) expectAnswer(answer, 201)
      else expectRefusal(answer, 400, 'unsupported_extension')
    },
  },
]
