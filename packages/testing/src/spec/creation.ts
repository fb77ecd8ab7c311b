import assert from 'node:assert/strict'
import type { Conversation } from '../runner/conversation.ts'
import { expectAnswer, expectRefusal } from '../runner/expect-answer.ts'
import { extensionsOf, pathOf } from '../runner/client-session.ts'

/** tus 1.0, Creation: POST. Its header fields have files of their own. */
export const creation: readonly Conversation[] = [
  {
    id: 'creation-1',
    level: 'SHOULD',
    sentence: 'The Client and the Server SHOULD implement the upload creation extension.',
    async run({ create, expectOffset }) {
      await expectOffset(await create(), 0)
    },
  },
  {
    id: 'creation-2',
    level: 'MUST',
    sentence:
      'If the Server supports this extension, it MUST add `creation` to the `Tus-Extension` header.',
    async run(talk) {
      assert.ok((await extensionsOf(talk)).includes('creation'))
    },
  },
  {
    id: 'creation-3',
    level: 'states',
    sentence:
      'The new resource has an implicit offset of `0` allowing the Client to use the core protocol for performing the actual upload.',
    choice: 'An upload of length 0 is complete when it is created.',
    async run({ send, expectOffset, events }) {
      const answer = await send('POST /files', { 'upload-length': '0' })
      expectAnswer(answer, 201)
      await expectOffset(pathOf(answer), 0)
      assert.deepEqual(
        events.map(({ type }) => type),
        ['created', 'completed'],
      )
    },
  },
  {
    id: 'creation-post-1',
    level: 'MUST',
    sentence:
      'The Client MUST send a `POST` request against a known upload creation URL to request a new upload resource.',
    choice:
      'Other methods on that URL are 405 with Allow, except HEAD, PATCH and DELETE, which are 404: it names no upload. POST on the URL of an upload is 405.',
    async run({ send, create, events }) {
      const path = await create()
      const fields = { 'upload-length': '5' }
      const answer = await send(`POST ${path}`, fields)
      expectRefusal(answer, 405, 'unsupported_method')
      expectAnswer(answer, 405, { allow: 'HEAD, PATCH, DELETE, OPTIONS' })
      expectAnswer(await send('PUT /files', fields), 405, { allow: 'POST, OPTIONS' })
      expectAnswer(await send('POST /files/', fields), 201)
      assert.equal(events.length, 2)
    },
  },
  {
    id: 'creation-post-2',
    level: 'MUST',
    sentence:
      'The request MUST include one of the following headers: a) `Upload-Length` to indicate the size of an entire upload in bytes. b) `Upload-Defer-Length: 1` if upload size is not known at the time.',
    choice: 'With both or with neither the request is 400.',
    async run({ send }) {
      expectRefusal(await send('POST /files'), 400, 'malformed_request')
      const both = { 'upload-length': '5', 'upload-defer-length': '1' }
      expectRefusal(await send('POST /files', both), 400, 'malformed_request')
    },
  },
  {
    id: 'creation-post-3',
    level: 'MUST',
    sentence:
      'If the length of the upload exceeds the maximum, which MAY be specified using the `Tus-Max-Size` header, the Server MUST respond with the `413 Request Entity Too Large` status.',
    options: { maxLength: 5 },
    async run({ send, create }) {
      await create({ 'upload-length': '5' })
      expectRefusal(await send('POST /files', { 'upload-length': '6' }), 413, 'too_large')
    },
  },
  {
    id: 'creation-post-4',
    level: 'MUST',
    sentence:
      'The Server MUST acknowledge a successful upload creation with the `201 Created` status.',
    async run({ send }) {
      const answer = await send('POST /files', { 'upload-length': '5' })
      expectAnswer(answer, 201)
      assert.equal(answer.text, '')
    },
  },
  {
    id: 'creation-post-5',
    level: 'MUST',
    sentence: 'The Server MUST set the `Location` header to the URL of the created resource.',
    async run({ send, head }) {
      const first = await send('POST /files', { 'upload-length': '5' })
      const second = await send('POST /files', { 'upload-length': '6' })
      expectAnswer(await head(pathOf(first)), 200, { 'upload-length': '5' })
      expectAnswer(await head(pathOf(second)), 200, { 'upload-length': '6' })
    },
  },
  {
    id: 'creation-post-6',
    level: 'MAY',
    sentence: 'This URL MAY be absolute or relative.',
    choice:
      'An absolute path, so that nothing a client claims in Host or X-Forwarded-* gets into it. An absolute URL when a public URL is set, or trusted proxies are named.',
    async run({ send }) {
      const fields = { 'upload-length': '5', 'x-forwarded-host': 'other.example' }
      const answer = await send('POST /files', fields)
      expectAnswer(answer, 201, { location: /^\/files\/[A-Za-z0-9_-]+$/ })
    },
  },
  {
    id: 'creation-post-7',
    level: 'MUST',
    sentence: 'The Client MUST perform the actual upload using the core protocol.',
    run: null,
    reason: 'binds clients',
  },
]
