import assert from 'node:assert/strict'
import { paused } from '../client/client.ts'
import type { Conversation } from '../runner/conversation.ts'
import { expectAnswer, expectRefusal } from '../runner/expect-answer.ts'
import { eventually } from '../runner/client-session.ts'

/** tus 1.0, Core Protocol: PATCH. */
export const corePatch: readonly Conversation[] = [
  {
    id: 'core-patch-1',
    level: 'SHOULD',
    sentence:
      'The Server SHOULD accept `PATCH` requests against any upload URL and apply the bytes contained in the message at the given offset specified by the `Upload-Offset` header.',
    choice: 'Exceptions: final uploads (403), rejected ones (422), expired ones (410).',
    async run({ create, patch, contentOf }) {
      const path = await create({ 'upload-length': '11' })
      expectAnswer(await patch(path, 0, 'hello'), 204)
      expectAnswer(await patch(path, 5, ' '), 204)
      expectAnswer(await patch(path, 6, 'world'), 204)
      assert.equal(await contentOf(path), 'hello world')
    },
  },
  {
    id: 'core-patch-2',
    level: 'MUST',
    sentence:
      'All `PATCH` requests MUST use `Content-Type: application/offset+octet-stream`, otherwise the server SHOULD return a `415 Unsupported Media Type` status.',
    choice: 'The media type is read without regard to case, and parameters of it are ignored.',
    async run({ create, send, expectOffset }) {
      const path = await create()
      for (const type of [null, 'application/octet-stream', 'text/plain', 'multipart/form-data']) {
        const fields = { 'upload-offset': '0', 'content-type': type }
        expectRefusal(await send(`PATCH ${path}`, fields, 'hello'), 415, 'unsupported_media_type')
      }
      await expectOffset(path, 0)
      const type = 'Application/Offset+Octet-Stream; charset=binary'
      const fields = { 'upload-offset': '0', 'content-type': type }
      expectAnswer(await send(`PATCH ${path}`, fields, 'hello'), 204)
    },
  },
  {
    id: 'core-patch-3',
    level: 'MUST',
    sentence:
      "The `Upload-Offset` header's value MUST be equal to the current offset of the resource.",
    choice: 'Without the field the request is 400.',
    async run({ create, send, expectOffset }) {
      const path = await create()
      expectRefusal(await send(`PATCH ${path}`, {}, 'hello'), 400, 'malformed_request')
      await expectOffset(path, 0)
    },
  },
  {
    id: 'core-patch-4',
    level: 'MAY',
    sentence: 'In order to achieve parallel upload the Concatenation extension MAY be used.',
    run: null,
    reason: 'binds clients; see Concatenation',
  },
  {
    id: 'core-patch-5',
    level: 'MUST',
    sentence:
      'If the offsets do not match, the Server MUST respond with the `409 Conflict` status without modifying the upload resource.',
    async run({ create, patch, expectOffset, contentOf }) {
      const path = await create()
      expectAnswer(await patch(path, 0, 'hel'), 204)
      for (const offset of [0, 2, 4, 5, 6, Number.MAX_SAFE_INTEGER]) {
        expectRefusal(await patch(path, offset, 'XX'), 409, 'offset_mismatch')
      }
      await expectOffset(path, 3)
      expectAnswer(await patch(path, 3, 'lo'), 204)
      expectRefusal(await patch(path, 0, 'XXXXX'), 409, 'offset_mismatch')
      assert.equal(await contentOf(path), 'hello')
    },
  },
  {
    id: 'core-patch-6',
    level: 'SHOULD',
    sentence:
      'The Client SHOULD send all the remaining bytes of an upload in a single `PATCH` request, but MAY also use multiple small requests successively for scenarios where this is desirable.',
    choice: 'Binds clients; both are served.',
    async run({ create, patch, contentOf }) {
      const content = 'one byte at a time'
      const path = await create({ 'upload-length': String(content.length) })
      for (const [offset, byte] of [...content].entries()) {
        expectAnswer(await patch(path, offset, byte), 204, { 'upload-offset': String(offset + 1) })
      }
      assert.equal(await contentOf(path), content)
    },
  },
  {
    id: 'core-patch-7',
    level: 'MUST',
    sentence:
      'The Server MUST acknowledge successful `PATCH` requests with the `204 No Content` status.',
    choice:
      'The `onComplete` hook may give the request that completes an upload another 2xx status and a body.',
    async run({ create, patch }) {
      const path = await create()
      for (const [offset, bytes] of [
        [0, ''],
        [0, 'hel'],
        [3, 'lo'],
        [5, ''],
      ] as const) {
        const answer = await patch(path, offset, bytes)
        expectAnswer(answer, 204)
        assert.equal(answer.text, '')
      }
    },
  },
  {
    id: 'core-patch-8',
    level: 'MUST',
    sentence: 'It MUST include the `Upload-Offset` header containing the new offset.',
    async run({ create, patch }) {
      const path = await create()
      expectAnswer(await patch(path, 0, 'hel'), 204, { 'upload-offset': '3' })
      expectAnswer(await patch(path, 3, ''), 204, { 'upload-offset': '3' })
      expectAnswer(await patch(path, 3, 'lo'), 204, { 'upload-offset': '5' })
    },
  },
  {
    id: 'core-patch-9',
    level: 'MUST',
    sentence:
      'The new offset MUST be the sum of the offset before the `PATCH` request and the number of bytes received and processed or stored during the current `PATCH` request.',
    choice:
      'A body longer than the upload is 413: refused before a byte is stored when Content-Length says so; otherwise the part within the length is kept.',
    async run({ create, patch, send, expectOffset, contentOf }) {
      const path = await create()
      expectAnswer(await patch(path, 0, 'hel'), 204, { 'upload-offset': '3' })
      expectRefusal(await patch(path, 3, 'lo world'), 413, 'too_large')
      await expectOffset(path, 3)
      const rest = paused('lo world')
      rest.resume()
      const answer = await send(`PATCH ${path}`, { 'upload-offset': '3' }, rest)
      expectRefusal(answer, 413, 'too_large')
      await expectOffset(path, 5)
      assert.equal(await contentOf(path), 'hello')
    },
  },
  {
    id: 'core-patch-10',
    level: 'SHOULD',
    sentence:
      'If the server receives a `PATCH` request against a non-existent resource it SHOULD return a `404 Not Found` status.',
    choice: 'Also against the URL of creation, and against a name that no upload can have.',
    async run({ patch }) {
      for (const path of ['/files/unknown', '/files', '/files/', '/files/a/b', '/files/..%2fx']) {
        expectRefusal(await patch(path, 0, 'hello'), 404, 'not_found')
      }
    },
  },
  {
    id: 'core-patch-11',
    level: 'SHOULD',
    sentence:
      'Both Client and Server, SHOULD attempt to detect and handle network errors predictably.',
    async run({ create, sendUntil, patch, expectOffset, contentOf }) {
      const path = await create({ 'upload-length': '11' })
      await sendUntil(5, `PATCH ${path}`, { 'upload-offset': '0' }, 'hello world')
      await eventually(() => expectOffset(path, 5))
      expectAnswer(await patch(path, 5, ' world'), 204, { 'upload-offset': '11' })
      assert.equal(await contentOf(path), 'hello world')
    },
  },
  {
    id: 'core-patch-12',
    level: 'MAY',
    sentence:
      'They MAY do so by checking for read/write socket errors, as well as setting read/write timeouts.',
    options: { idleTimeout: 150 },
    choice:
      'A body may pause as long as `idleTimeout` says, and take as long as it likes in total. One that pauses for longer is answered 423, which makes clients come back.',
    async run({ create, send, expectOffset }) {
      const path = await create()
      const answer = await send(`PATCH ${path}`, { 'upload-offset': '0' }, paused('hel'))
      expectRefusal(answer, 423, 'interrupted')
      await expectOffset(path, 3)
    },
  },
  {
    id: 'core-patch-13',
    level: 'SHOULD',
    sentence: 'A timeout SHOULD be handled by closing the underlying connection.',
    choice: 'After the answer, since the rest of the body would come before the next request.',
    run: null,
    reason: 'a matter of hosts: the contract of adapters shows it on real sockets',
  },
  {
    id: 'core-patch-14',
    level: 'SHOULD',
    sentence: 'The Server SHOULD always attempt to store as much of the received data as possible.',
    choice:
      'What came with a checksum counts as a whole or not at all; of anything else every byte that arrived counts.',
    async run({ create, sendUntil, patch, expectOffset, contentOf }) {
      const content = 'x'.repeat(300_000)
      const path = await create({ 'upload-length': String(content.length) })
      await sendUntil(200_001, `PATCH ${path}`, { 'upload-offset': '0' }, content)
      await eventually(() => expectOffset(path, 200_001))
      expectAnswer(await patch(path, 200_001, content.slice(200_001)), 204)
      assert.equal(await contentOf(path), content)
    },
  },
]
