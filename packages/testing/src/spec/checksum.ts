import assert from 'node:assert/strict'
import { checksumOf } from '../client/node-digests.ts'
import type { Conversation } from '../runner/conversation.ts'
import { expectAnswer, expectRefusal } from '../runner/expect-answer.ts'
import { eventually, extensionsOf, pause } from '../runner/client-session.ts'

const needs = 'checksum'

/** tus 1.0, Checksum. */
export const checksum: readonly Conversation[] = [
  {
    id: 'checksum-1',
    level: 'MAY',
    sentence:
      'The Client and the Server MAY implement and use this extension to verify data integrity of each `PATCH` request.',
    needs,
    choice: 'Also of the bytes that come with a POST.',
    async run({ create, send, contentOf }) {
      const path = await create({ 'upload-length': '11' })
      const first = { 'upload-offset': '0', 'upload-checksum': checksumOf('hello') }
      expectAnswer(await send(`PATCH ${path}`, first, 'hello'), 204, { 'upload-offset': '5' })
      const rest = { 'upload-offset': '5', 'upload-checksum': checksumOf(' world') }
      expectAnswer(await send(`PATCH ${path}`, rest, ' world'), 204, { 'upload-offset': '11' })
      assert.equal(await contentOf(path), 'hello world')
    },
  },
  {
    id: 'checksum-2',
    level: 'MUST',
    sentence: 'If supported, the Server MUST add `checksum` to the `Tus-Extension` header.',
    choice:
      'It is supported where the store can hold bytes back until they are verified, and algorithms are configured. Elsewhere Upload-Checksum is 400, never ignored.',
    async run(talk) {
      const announced = (await extensionsOf(talk)).includes(needs)
      const path = await talk.create()
      const fields = { 'upload-offset': '0', 'upload-checksum': checksumOf('hello') }
      const answer = await talk.send(`PATCH ${path}`, fields, 'hello')
      if (announced) expectAnswer(answer, 204)
      else expectRefusal(answer, 400, 'unsupported_checksum')
    },
  },
  {
    id: 'checksum-3',
    level: 'MAY',
    sentence: 'A Client MAY include the `Upload-Checksum` header in a `PATCH` request.',
    needs,
    async run({ create, patch, send, contentOf }) {
      const path = await create()
      expectAnswer(await patch(path, 0, 'hel'), 204)
      const fields = { 'upload-offset': '3', 'upload-checksum': checksumOf('lo') }
      expectAnswer(await send(`PATCH ${path}`, fields, 'lo'), 204)
      assert.equal(await contentOf(path), 'hello')
    },
  },
  {
    id: 'checksum-4',
    level: 'MUST',
    sentence:
      'Once the entire request has been received, the Server MUST verify the uploaded chunk against the provided checksum using the specified algorithm.',
    needs,
    choice: 'A body without a byte is verified as well.',
    async run({ create, send, announced, expectOffset }) {
      const path = await create({ 'upload-length': '11' })
      const empty = { 'upload-offset': '0', 'upload-checksum': checksumOf('') }
      expectAnswer(await send(`PATCH ${path}`, empty), 204, { 'upload-offset': '0' })
      const notEmpty = { 'upload-offset': '0', 'upload-checksum': checksumOf('x') }
      expectRefusal(await send(`PATCH ${path}`, notEmpty), 460, 'checksum_mismatch')
      const names = (await announced())['tus-checksum-algorithm'] ?? ''
      if (!names.split(',').includes('md5')) return
      // A digest that is right by another algorithm than the one named is wrong.
      const swapped = checksumOf('hello', 'md5').replace('md5', 'sha1')
      const fields = { 'upload-offset': '0', 'upload-checksum': swapped }
      expectRefusal(await send(`PATCH ${path}`, fields, 'hello'), 460, 'checksum_mismatch')
      const right = { 'upload-offset': '0', 'upload-checksum': checksumOf('hello', 'md5') }
      expectAnswer(await send(`PATCH ${path}`, right, 'hello'), 204)
      await expectOffset(path, 5)
    },
  },
  {
    id: 'checksum-5',
    level: 'MAY',
    sentence:
      'Depending on the result the Server MAY respond with one of the following status code: 1) `400 Bad Request` if the checksum algorithm is not supported by the server, 2) `460 Checksum Mismatch` if the checksums mismatch or 3) `204 No Content` if the checksums match and the processing of the data succeeded.',
    needs,
    choice: 'Exactly these.',
    async run({ create, send }) {
      const path = await create()
      const patch = (checksum: string) =>
        send(`PATCH ${path}`, { 'upload-offset': '0', 'upload-checksum': checksum }, 'hello')
      const unknown = checksumOf('hello').replace('sha1', 'rot13')
      expectRefusal(await patch(unknown), 400, 'unsupported_checksum')
      expectRefusal(await patch(checksumOf('jello')), 460, 'checksum_mismatch')
      expectAnswer(await patch(checksumOf('hello')), 204)
    },
  },
  {
    id: 'checksum-6',
    level: 'MUST',
    sentence:
      'In the first two cases the uploaded chunk MUST be discarded, and the upload and its offset MUST NOT be updated.',
    needs,
    choice:
      'The same for a body that was cut off: nothing of it can be verified, so nothing of it counts.',
    async run({ create, patch, send, sendUntil, expectOffset, contentOf }) {
      const path = await create({ 'upload-length': '11' })
      expectAnswer(await patch(path, 0, 'hello'), 204)
      for (const checksum of [checksumOf('other'), 'rot13 aGVsbG8=']) {
        const fields = { 'upload-offset': '5', 'upload-checksum': checksum }
        const answer = await send(`PATCH ${path}`, fields, ' wurld')
        assert.ok([400, 460].includes(answer.status), `status is ${answer.status}`)
        await expectOffset(path, 5)
      }
      const fields = { 'upload-offset': '5', 'upload-checksum': checksumOf(' world') }
      await sendUntil(3, `PATCH ${path}`, fields, ' world')
      // Not even when what arrived would match: it is not what the client was about to send.
      const ofPart = { 'upload-offset': '5', 'upload-checksum': checksumOf(' wo') }
      await sendUntil(3, `PATCH ${path}`, ofPart, ' world')
      await pause(100)
      await expectOffset(path, 5)
      await eventually(async () => {
        expectAnswer(await send(`PATCH ${path}`, fields, ' world'), 204, { 'upload-offset': '11' })
      })
      assert.equal(await contentOf(path), 'hello world')
    },
  },
  {
    id: 'checksum-7',
    level: 'MUST',
    sentence: 'The Server MUST support at least the SHA1 checksum algorithm identified by `sha1`.',
    needs,
    async run({ announced }) {
      const names = ((await announced())['tus-checksum-algorithm'] ?? '').split(',')
      assert.ok(names.includes('sha1'), names.join(','))
    },
  },
  {
    id: 'checksum-8',
    level: 'MUST',
    sentence:
      'The names of the checksum algorithms MUST only consist of ASCII characters with the modification that uppercase characters are excluded.',
    needs,
    choice: 'A name in upper case is 400: it names nothing.',
    async run({ announced, create, send }) {
      for (const name of ((await announced())['tus-checksum-algorithm'] ?? '').split(',')) {
        assert.match(name, /^[!-@[-~]+$/)
      }
      const upper = checksumOf('hello').replace('sha1', 'SHA1')
      const fields = { 'upload-offset': '0', 'upload-checksum': upper }
      expectAnswer(await send(`PATCH ${await create()}`, fields, 'hello'), 400)
    },
  },
  {
    id: 'checksum-9',
    level: 'MUST',
    sentence:
      'The `Tus-Checksum-Algorithm` header MUST be included in the response to an `OPTIONS` request.',
    needs,
    async run({ announced }) {
      assert.ok((await announced())['tus-checksum-algorithm'])
    },
  },
  {
    id: 'checksum-10',
    level: 'MUST',
    sentence:
      'The `Tus-Checksum-Algorithm` response header MUST be a comma-separated list of the checksum algorithms supported by the server.',
    needs,
    async run({ announced }) {
      assert.match((await announced())['tus-checksum-algorithm'] ?? '', /^[^\s,]+(,[^\s,]+)*$/)
    },
  },
  {
    id: 'checksum-11',
    level: 'MUST',
    sentence:
      'The header MUST consist of the name of the used checksum algorithm and the Base64 encoded checksum separated by a space. (Upload-Checksum)',
    needs,
    choice: 'Anything else is 400.',
    async run({ create, send, expectOffset }) {
      const path = await create()
      const digest = checksumOf('hello').slice('sha1 '.length)
      for (const field of ['', 'sha1', digest, `sha1:${digest}`, 'sha1 a!b', `sha1 ${digest} x`]) {
        const fields = { 'upload-offset': '0', 'upload-checksum': field }
        expectRefusal(await send(`PATCH ${path}`, fields, 'hello'), 400, 'malformed_request')
      }
      const twice = {
        'upload-offset': '0',
        'upload-checksum': [`sha1 ${digest}`, `sha1 ${digest}`],
      }
      expectRefusal(await send(`PATCH ${path}`, twice, 'hello'), 400, 'malformed_request')
      await expectOffset(path, 0)
    },
  },
]
