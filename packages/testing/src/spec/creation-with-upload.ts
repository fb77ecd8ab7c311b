import assert from 'node:assert/strict'
import { streamed } from '../client/client.ts'
import { checksumOf } from '../client/node-digests.ts'
import type { Conversation } from '../runner/conversation.ts'
import { expectAnswer, expectRefusal } from '../runner/expect-answer.ts'
import { extensionsOf, pathOf } from '../runner/client-session.ts'

const needs = 'creation-with-upload'
const BYTES = { 'content-type': 'application/offset+octet-stream' }

/** tus 1.0, Creation With Upload. */
export const creationWithUpload: readonly Conversation[] = [
  {
    id: 'with-upload-1',
    level: 'MAY',
    sentence:
      'The Client MAY include parts of the upload in the initial Creation request using the Creation With Upload extension.',
    needs,
    async run({ send, expectOffset }) {
      const answer = await send('POST /files', { ...BYTES, 'upload-length': '100' }, 'hello')
      expectAnswer(answer, 201, { 'upload-offset': '5', location: /./ })
      await expectOffset(pathOf(answer), 5)
    },
  },
  {
    id: 'with-upload-2',
    level: 'MUST',
    sentence:
      'If the Server supports this extension, it MUST advertise this by including `creation-with-upload` in the `Tus-Extension` header.',
    async run(talk) {
      assert.ok((await extensionsOf(talk)).includes(needs))
    },
  },
  {
    id: 'with-upload-3',
    level: 'MUST NOT',
    sentence:
      'Therefore, if the Server does not offer the Creation extension, it MUST NOT offer the Creation With Upload extension either.',
    async run(talk) {
      const extensions = await extensionsOf(talk)
      assert.equal(extensions.includes('creation'), extensions.includes(needs))
    },
  },
  {
    id: 'with-upload-4',
    level: 'MAY',
    sentence:
      'The Client MAY include either the entirety or a chunk of the upload data in the body of the `POST` request.',
    needs,
    async run({ send, patch, contentOf, events }) {
      const whole = await send('POST /files', { ...BYTES, 'upload-length': '5' }, 'hello')
      expectAnswer(whole, 201, { 'upload-offset': '5' })
      assert.equal(await contentOf(pathOf(whole)), 'hello')
      assert.equal(events.at(-1)?.type, 'completed')

      const part = await send('POST /files', { ...BYTES, 'upload-length': '5' }, 'he')
      expectAnswer(await patch(pathOf(part), 2, 'llo'), 204)
      assert.equal(await contentOf(pathOf(part)), 'hello')
    },
  },
  {
    id: 'with-upload-5',
    level: 'states',
    sentence: 'In this case, similar rules as for the `PATCH` request and response apply.',
    needs,
    choice:
      'Announced to be longer than the upload: 413. Not matching its checksum: 460. In both cases no upload is left, for the answer names none.',
    async run(talk) {
      const { send, events } = talk
      const fields = { ...BYTES, 'upload-length': '5' }
      expectRefusal(await send('POST /files', fields, 'hello world'), 413, 'too_large')
      if (!(await extensionsOf(talk)).includes('checksum')) return
      const wrong = { ...fields, 'upload-checksum': checksumOf('other') }
      expectRefusal(await send('POST /files', wrong, 'hello'), 460, 'checksum_mismatch')
      const right = { ...fields, 'upload-checksum': checksumOf('hello') }
      expectAnswer(await send('POST /files', right, 'hello'), 201, { 'upload-offset': '5' })
      const created = events.filter(({ type }) => type === 'created').length
      assert.equal(created - events.filter(({ type }) => type === 'removed').length, 1)
    },
  },
  {
    id: 'with-upload-6',
    level: 'MUST',
    sentence: 'The Client MUST include the `Content-Type: application/offset+octet-stream` header.',
    choice: 'A body of any other type is 415: dropping it silently would look like taking it in.',
    async run({ send, events }) {
      for (const type of [null, 'application/json', 'multipart/form-data; boundary=x']) {
        const fields = { 'upload-length': '5', 'content-type': type }
        const answer = await send('POST /files', fields, 'hello')
        expectRefusal(answer, 415, 'unsupported_media_type')
      }
      assert.equal(events.length, 0)
      const empty = { 'upload-length': '5', 'content-type': 'application/json' }
      expectAnswer(await send('POST /files', empty), 201)
    },
  },
  {
    id: 'with-upload-7',
    level: 'MUST',
    sentence:
      'The Server SHOULD accept as many bytes as possible and MUST include the `Upload-Offset` header in the response and MUST set its value to the offset of the upload after applying the accepted bytes.',
    needs,
    async run({ send, head }) {
      const chunked = streamed(['hel', 'lo', ' world'])
      const answer = await send('POST /files', { ...BYTES, 'upload-length': '20' }, chunked)
      expectAnswer(answer, 201, { 'upload-offset': '11' })
      expectAnswer(await head(pathOf(answer)), 200, { 'upload-offset': '11' })
      const none = await send('POST /files', { ...BYTES, 'upload-length': '20' })
      expectAnswer(none, 201, { 'upload-offset': '0' })
    },
  },
  {
    id: 'with-upload-8',
    level: 'SHOULD',
    sentence:
      'If the Client wants to use this extension, the Client SHOULD verify that it is supported by the Server before sending the `POST` request.',
    run: null,
    reason: 'binds clients',
  },
  {
    id: 'with-upload-9',
    level: 'SHOULD',
    sentence:
      'In addition, the Client SHOULD include the `Expect: 100-continue` header in the request to receive early feedback from the Server on whether it will accept the creation request, before attempting to transfer the first chunk.',
    needs,
    choice: 'A request that is refused for its fields is refused before `100 Continue`.',
    async run({ send }) {
      const fields = { ...BYTES, expect: '100-continue', 'upload-length': '5' }
      expectAnswer(await send('POST /files', fields, 'hello'), 201, { 'upload-offset': '5' })
      const bad = { ...fields, 'upload-length': 'five' }
      expectRefusal(await send('POST /files', bad, 'hello'), 400, 'malformed_request')
    },
  },
]
