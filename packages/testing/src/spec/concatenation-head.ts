import assert from 'node:assert/strict'
import { joining } from './concatenation.ts'
import type { Conversation } from '../runner/conversation.ts'
import { expectAnswer, expectRefusal } from '../runner/expect-answer.ts'
import { DEFERRED, eventually } from '../runner/client-session.ts'

const needs = 'concatenation'
const PARTIAL = { 'upload-concat': 'partial' }

/** tus 1.0, Concatenation: HEAD and Upload-Concat. */
export const concatenationHead: readonly Conversation[] = [
  {
    id: 'concat-head-1',
    level: 'SHOULD NOT',
    sentence:
      'The response to a HEAD request for a final upload SHOULD NOT contain the `Upload-Offset` header unless the concatenation has been successfully finished.',
    needs: 'concatenation-unfinished',
    async run({ create, head }) {
      const path = await create(joining(await create(PARTIAL)))
      expectAnswer(await head(path), 200, { 'upload-offset': null })
    },
  },
  {
    id: 'concat-head-2',
    level: 'MUST',
    sentence:
      'After successful concatenation, the `Upload-Offset` and `Upload-Length` MUST be set and their values MUST be equal.',
    needs,
    async run({ upload, create, head }) {
      const path = await create(joining(await upload('hello', PARTIAL)))
      expectAnswer(await head(path), 200, { 'upload-offset': '5', 'upload-length': '5' })
      const none = await create(joining(await create({ ...PARTIAL, 'upload-length': '0' })))
      expectAnswer(await head(none), 200, { 'upload-offset': '0', 'upload-length': '0' })
    },
  },
  {
    id: 'concat-head-3',
    level: 'states',
    sentence:
      'The value of the `Upload-Offset` header before concatenation is not defined for a final upload.',
    choice: 'There is none.',
    run: null,
    reason: 'see concat-head-1',
  },
  {
    id: 'concat-head-4',
    level: 'MUST',
    sentence:
      'The response to a HEAD request for a partial upload MUST contain the `Upload-Offset` header.',
    needs,
    async run({ create, patch, upload, expectOffset }) {
      const path = await create(PARTIAL)
      await expectOffset(path, 0)
      expectAnswer(await patch(path, 0, 'hel'), 204)
      await expectOffset(path, 3)
      await expectOffset(await upload('hello', PARTIAL), 5)
    },
  },
  {
    id: 'concat-head-5',
    level: 'MUST',
    sentence:
      'The `Upload-Length` header MUST be included if the length of the final resource can be calculated at the time of the request.',
    needs: 'concatenation-unfinished',
    choice: 'Never Upload-Defer-Length on a final upload: its length follows from its parts.',
    async run({ create, send, head, patch }) {
      const unsized = await create({ ...DEFERRED, ...PARTIAL })
      const path = await create(joining(await create(PARTIAL), unsized))
      expectAnswer(await head(path), 200, { 'upload-length': null, 'upload-defer-length': null })
      expectAnswer(await patch(unsized, 0, ' wor'), 204)
      const declaring = { 'upload-offset': '4', 'upload-length': '6' }
      expectAnswer(await send(`PATCH ${unsized}`, declaring), 204)
      expectAnswer(await head(path), 200, { 'upload-length': '11', 'upload-offset': null })
    },
  },
  {
    id: 'concat-head-6',
    level: 'MUST',
    sentence:
      'Response to `HEAD` request against partial or final upload MUST include the `Upload-Concat` header and its value as received in the upload creation request.',
    needs,
    choice: 'Byte for byte.',
    async run({ upload, create, head }) {
      const [a, b] = [await upload('hello', PARTIAL), await upload(' world', PARTIAL)]
      expectAnswer(await head(a), 200, { 'upload-concat': 'partial' })
      const field = `final;http://elsewhere.example:81${a}  ${b}`
      const path = await create({ 'upload-length': null, 'upload-concat': field })
      expectAnswer(await head(path), 200, { 'upload-concat': field })
    },
  },
  {
    id: 'concat-field-1',
    level: 'MUST',
    sentence:
      'The `Upload-Concat` request and response header MUST be set in both partial and final upload creation requests.',
    needs,
    choice: 'On other requests it is ignored: some clients send `partial` along with every one.',
    async run({ create, upload, send, head }) {
      const part = await create(PARTIAL)
      const fields = { ...PARTIAL, 'upload-offset': '0' }
      expectAnswer(await send(`PATCH ${part}`, fields, 'hello'), 204)
      expectAnswer(await send(`HEAD ${part}`, PARTIAL), 200)
      expectAnswer(await send(`DELETE ${part}`, PARTIAL), 204)
      expectAnswer(await head(await upload('hello')), 200, { 'upload-concat': null })
    },
  },
  {
    id: 'concat-field-2',
    level: 'MUST',
    sentence: 'If the upload is a partial one, the header value MUST be `partial`.',
    needs,
    choice: 'Anything that is neither this nor a list of parts is 400.',
    async run({ send }) {
      for (const field of [
        '',
        'Partial',
        'partial;',
        'part',
        'final',
        'final;',
        'final; ',
        ';/x',
      ]) {
        const fields = { 'upload-length': '5', 'upload-concat': field }
        expectRefusal(await send('POST /files', fields), 400, 'malformed_request')
      }
    },
  },
  {
    id: 'concat-field-3',
    level: 'MUST',
    sentence:
      'In the case of a final upload, its value MUST be `final` followed by a semicolon and a space-separated list of partial upload URLs that will be concatenated.',
    needs,
    choice:
      'A part must be a partial upload of this server that the client may use; any other is 400, and no final upload is made.',
    async run({ upload, create, send, events }) {
      const part = await upload('hello', PARTIAL)
      const final = await create(joining(part))
      const whole = await upload('hello')
      const before = events.length
      const bad = [whole, final, '/files/unknown', '/files', '/elsewhere/x', '/files/a/b', 'http:']
      for (const url of bad) {
        expectRefusal(await send('POST /files', joining(part, url)), 400, 'invalid_part')
      }
      assert.equal(events.length, before)
    },
  },
  {
    id: 'concat-field-4',
    level: 'MAY',
    sentence:
      'The partial uploads URLs MAY be absolute or relative and MUST NOT contain spaces as defined in RFC 3986.',
    needs,
    choice:
      'They are recognised by path and never fetched: behind proxies the host a client sees is not the host seen here.',
    async run({ upload, create, contentOf }) {
      const [a, b] = [await upload('hello', PARTIAL), await upload(' world', PARTIAL)]
      const path = await create(joining(`https://uploads.example${a}`, b))
      await eventually(async () => assert.equal(await contentOf(path), 'hello world'))
    },
  },
]
