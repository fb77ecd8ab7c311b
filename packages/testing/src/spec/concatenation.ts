import assert from 'node:assert/strict'
import type { Fields } from '../client/client.ts'
import type { Conversation } from '../runner/conversation.ts'
import { expectAnswer, expectRefusal } from '../runner/expect-answer.ts'
import { extensionsOf, pathOf } from '../runner/client-session.ts'

const needs = 'concatenation'
const PARTIAL = { 'upload-concat': 'partial' }

/** Fields that ask for a final upload. */
export function joining(...parts: string[]): Fields {
  return { 'upload-length': null, 'upload-concat': `final;${parts.join(' ')}` }
}

/** tus 1.0, Concatenation: what is joined, and how. Its HEAD and Upload-Concat have their own files. */
export const concatenation: readonly Conversation[] = [
  {
    id: 'concat-1',
    level: 'MUST',
    sentence:
      'If the Server supports this extension, it MUST add `concatenation` to the `Tus-Extension` header.',
    choice: 'Where it is not announced, Upload-Concat is 400, never ignored.',
    async run(talk) {
      const announced = (await extensionsOf(talk)).includes(needs)
      const answer = await talk.send('POST /files', { ...PARTIAL, 'upload-length': '5' })
      if (announced) expectAnswer(answer, 201)
      else expectRefusal(answer, 400, 'unsupported_extension')
    },
  },
  {
    id: 'concat-2',
    level: 'states',
    sentence:
      'It is constructed by including the `Upload-Concat: partial` header while creating a new upload using the Creation extension. (a partial upload)',
    needs,
    choice: 'The POST may carry bytes, and the length may be declared later.',
    async run({ create, send, head }) {
      expectAnswer(await head(await create(PARTIAL)), 200, { 'upload-concat': 'partial' })
      const bytes = { 'content-type': 'application/offset+octet-stream', 'upload-length': '5' }
      const answer = await send('POST /files', { ...PARTIAL, ...bytes }, 'hello')
      expectAnswer(answer, 201, { 'upload-offset': '5' })
    },
  },
  {
    id: 'concat-3',
    level: 'states',
    sentence:
      'Multiple partial uploads are concatenated into a final upload in the specified order.',
    needs,
    async run({ upload, create, contentOf }) {
      const [a, b] = [await upload('hello', PARTIAL), await upload(' world', PARTIAL)]
      assert.equal(await contentOf(await create(joining(a, b))), 'hello world')
      assert.equal(await contentOf(await create(joining(b, a))), ' worldhello')
    },
  },
  {
    id: 'concat-4',
    level: 'SHOULD NOT',
    sentence:
      'The Server SHOULD NOT process these partial uploads until they are concatenated to form a final upload.',
    needs,
    options: { hooks: { onComplete: (upload) => ({ location: `/made-of/${upload.length}` }) } },
    choice: 'The `onComplete` hook hears of final uploads only.',
    async run({ upload, create, head }) {
      const [a, b] = [await upload('hello', PARTIAL), await upload(' world', PARTIAL)]
      expectAnswer(await head(a), 200, { 'content-location': null })
      const final = await head(await create(joining(a, b)))
      expectAnswer(final, 200, { 'content-location': '/made-of/11' })
    },
  },
  {
    id: 'concat-5',
    level: 'MUST',
    sentence:
      'The length of the final upload MUST be the sum of the length of all partial uploads.',
    needs,
    options: { maxLength: 11 },
    choice: 'A sum above the maximum is 413.',
    async run({ upload, create, head, send }) {
      const [a, b] = [await upload('hello', PARTIAL), await upload(' world', PARTIAL)]
      expectAnswer(await head(await create(joining(a, b))), 200, { 'upload-length': '11' })
      const c = await upload('!', PARTIAL)
      expectRefusal(await send('POST /files', joining(a, b, c)), 413, 'too_large')
    },
  },
  {
    id: 'concat-6',
    level: 'MUST',
    sentence:
      'In order to create a new final upload, the Client MUST add the `Upload-Concat` header to the upload creation request.',
    run: null,
    reason: 'binds clients',
  },
  {
    id: 'concat-7',
    level: 'MUST',
    sentence: 'The partial uploads MUST be concatenated as per the order specified in the list.',
    needs,
    async run({ upload, create, contentOf }) {
      const parts: string[] = []
      for (const letter of 'abcdefghijkl') parts.push(await upload(letter, PARTIAL))
      assert.equal(await contentOf(await create(joining(...parts.toReversed()))), 'lkjihgfedcba')
    },
  },
  {
    id: 'concat-8',
    level: 'SHOULD',
    sentence:
      'This concatenation request SHOULD happen after all of the corresponding partial uploads are completed.',
    run: null,
    reason: 'binds clients; see concatenation-unfinished',
  },
  {
    id: 'concat-9',
    level: 'MUST NOT',
    sentence:
      'The Client MUST NOT include the `Upload-Length` header in the final upload creation.',
    needs,
    choice: 'With it, or with a body, the request is 400.',
    async run({ upload, send }) {
      const part = await upload('hello', PARTIAL)
      const sized = { ...joining(part), 'upload-length': '5' }
      expectRefusal(await send('POST /files', sized), 400, 'malformed_request')
      const bytes = { ...joining(part), 'content-type': 'application/offset+octet-stream' }
      expectRefusal(await send('POST /files', bytes, 'hello'), 400, 'malformed_request')
    },
  },
  {
    id: 'concat-10',
    level: 'SHALL NOT',
    sentence:
      "When creating a new final upload the partial uploads' metadata SHALL NOT be transferred to the new final upload.",
    needs,
    async run({ upload, create, head }) {
      const part = await upload('hello', { ...PARTIAL, 'upload-metadata': 'name aGVsbG8=' })
      expectAnswer(await head(await create(joining(part))), 200, { 'upload-metadata': null })
    },
  },
  {
    id: 'concat-11',
    level: 'SHOULD',
    sentence:
      'All metadata SHOULD be included in the concatenation request using the `Upload-Metadata` header.',
    needs,
    async run({ upload, create, head }) {
      const part = await upload('hello', PARTIAL)
      const path = await create({ ...joining(part), 'upload-metadata': 'name dGV4dA==' })
      expectAnswer(await head(path), 200, { 'upload-metadata': 'name dGV4dA==' })
    },
  },
  {
    id: 'concat-12',
    level: 'MAY',
    sentence: 'The Server MAY delete partial uploads after concatenation.',
    needs,
    options: { keepParts: false },
    choice:
      'They stay until they expire, so that a client that lost the answer can ask again; `keepParts: false` deletes them once the final upload is complete.',
    async run({ upload, create, head, contentOf }) {
      const part = await upload('hello', PARTIAL)
      const path = await create(joining(part))
      expectAnswer(await head(part), 404)
      assert.equal(await contentOf(path), 'hello')
    },
  },
  {
    id: 'concat-13',
    level: 'MAY',
    sentence: 'They MAY however be used multiple times to form a final resource.',
    needs,
    choice: 'In several final uploads, and several times in one.',
    async run({ upload, create, contentOf }) {
      const [a, b] = [await upload('hello', PARTIAL), await upload(' world', PARTIAL)]
      const first = await create(joining(a, b))
      const second = await create({ ...joining(a, b), 'upload-metadata': 'copy' })
      assert.notEqual(first, second)
      assert.equal(await contentOf(first), 'hello world')
      assert.equal(await contentOf(second), 'hello world')
      assert.equal(await contentOf(await create(joining(a, b, a))), 'hello worldhello')
    },
  },
  {
    id: 'concat-14',
    level: 'MUST',
    sentence:
      'The Server MUST respond with the `403 Forbidden` status to `PATCH` requests against a final upload URL and MUST NOT modify the final or its partial uploads.',
    needs,
    async run({ upload, create, patch, contentOf, send }) {
      const part = await upload('hello', PARTIAL)
      const path = pathOf(await send('POST /files', joining(part)))
      for (const offset of [0, 5]) {
        expectRefusal(await patch(path, offset, 'XXX'), 403, 'final_upload')
      }
      assert.equal(await contentOf(path), 'hello')
      assert.equal(await contentOf(await create(joining(part))), 'hello')
    },
  },
]
