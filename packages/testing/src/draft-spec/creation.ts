import assert from 'node:assert/strict'
import type { UploadEvent } from '@tusker/core'
import { paused, streamed } from '../client/client.ts'
import { expectAnswer } from '../runner/expect-answer.ts'
import { pathOf } from '../runner/client-session.ts'
import type { DraftRule } from './describe-draft.ts'
import { expectProblem, startDraftSession } from './draft-session.ts'

/** Section 4.2, Upload Creation. */
export const creation: readonly DraftRule[] = [
  {
    id: 'draft-create-1',
    dependsOnHost: true,
    level: 'states',
    sentence:
      'As a consequence, all request methods that allow content are possible, such as `POST`, `PUT`, and `PATCH`.',
    async run({ send, contentOf }) {
      for (const method of ['POST', 'PUT', 'PATCH']) {
        const fields = { 'upload-complete': '?1', 'content-type': 'text/plain' }
        const answer = await send(`${method} /files`, fields, 'hello')
        expectAnswer(answer, 201, { 'upload-complete': '?1' })
        assert.equal(await contentOf(pathOf(answer)), 'hello')
      }
    },
  },
  {
    id: 'draft-create-2',
    dependsOnHost: true,
    level: 'states',
    sentence:
      'If the `Upload-Complete` header field is then set to true, the client intends to upload an empty representation.',
    async run({ send, head }) {
      const answer = await send('POST /files', { 'upload-complete': '?1' })
      expectAnswer(answer, 201, { 'upload-complete': '?1', 'upload-offset': '0' })
      expectAnswer(await head(pathOf(answer)), 204, {
        'upload-complete': '?1',
        'upload-length': '0',
      })
    },
  },
  {
    id: 'draft-create-3',
    level: 'MUST',
    sentence:
      'If the request content was fully processed, the server MUST include the `Location` response header field pointing to the upload resource and MUST include the `Upload-Limit` header field with the corresponding limits if existing.',
    choice: 'The status is 201, as recommended. `Upload-Offset` says how much was received.',
    options: { maxLength: 100 },
    async run({ send, expectOffset }) {
      const fields = { 'upload-complete': '?0', 'upload-length': '10' }
      const answer = await send('POST /files', fields, 'hello')
      expectAnswer(answer, 201, {
        location: /./,
        'upload-limit': 'max-size=100',
        'upload-offset': '5',
        'upload-complete': '?0',
      })
      await expectOffset(pathOf(answer), 5)
    },
  },
  {
    id: 'draft-create-4',
    level: 'MUST',
    sentence:
      'The server MUST record the length according to Length if the `Upload-Length` or `Upload-Complete: ?1` header fields are included in the request.',
    async run({ send, create, head }) {
      expectAnswer(await head(await create()), 204, { 'upload-length': '10' })
      const answer = await send('POST /files', { 'upload-complete': '?1' }, 'hello')
      expectAnswer(await head(pathOf(answer)), 204, { 'upload-length': '5' })
    },
  },
  {
    id: 'draft-create-5',
    level: 'SHOULD',
    sentence:
      'The server SHOULD include the `Upload-Complete` header field in the response to indicate whether it is the result of processing the uploaded representation.',
    options: {
      hooks: {
        onComplete: () => ({
          response: { status: 200, headers: { 'x-result': 'done' }, body: '{"photo":7}' },
        }),
      },
    },
    choice: 'The response is what `onComplete` returns; 201 and the URL of the upload by default.',
    async run({ send }) {
      const answer = await send('POST /files', { 'upload-complete': '?1' }, 'hello')
      expectAnswer(answer, 200, { 'upload-complete': '?1', 'x-result': 'done' })
      assert.equal(answer.text, '{"photo":7}')
    },
  },
  {
    id: 'draft-create-6',
    dependsOnHost: true,
    level: 'SHOULD',
    sentence:
      'In this case, the server SHOULD append as much of the request content as possible to the upload resource, allowing the client to resume the upload from where it was interrupted.',
    choice:
      'A client that got no 104 response does not know where the upload is. Its upload is removed.',
    needs: 'interim',
    options: { idleTimeout: 150 },
    async run({ send, expectOffset, complete }) {
      const fields = { 'upload-complete': '?1', 'upload-length': '10', 'content-length': '10' }
      const answer = await send('POST /files', fields, paused('hello'))
      expectProblem(answer, 503, 'interrupted')
      const path = pathOf({ ...answer, headers: answer.interim[0]?.headers ?? {} })
      await expectOffset(path, 5)
      expectAnswer(await complete(path, 5, 'world'), 201)
    },
  },
  {
    id: 'draft-create-7',
    dependsOnHost: true,
    level: 'MUST NOT',
    sentence: 'In addition, the upload resource MUST NOT be considered complete then.',
    options: { idleTimeout: 150 },
    async run({ send, events }) {
      const answer = await send('POST /files', { 'upload-complete': '?1' }, paused('hello'))
      expectProblem(answer, 503, 'interrupted')
      assert.ok(!events.some(({ type }) => type === 'completed'))
    },
  },
  {
    id: 'draft-create-8',
    level: 'states',
    sentence:
      'The `Content-Disposition` header field can be used to transmit a filename. For this purpose, the `inline` disposition type is RECOMMENDED.',
    choice: 'Hooks find it in the metadata as `filename`, and the media type as `filetype`.',
    async run({ send, events }) {
      const fields = {
        'upload-complete': '?1',
        'content-type': 'image/png',
        'content-disposition': `inline; filename="a.png"; filename*=UTF-8''%C3%A4.png`,
      }
      const answer = await send('POST /files', fields, 'hello')
      expectAnswer(await send(`GET ${pathOf(answer)}`), 200, { 'content-type': 'image/png' })
      const created = events.find(({ type }) => type === 'created')
      assert.ok(created?.type === 'created')
      assert.equal(created.upload.metadata, 'filename w6QucG5n,filetype aW1hZ2UvcG5n')
    },
  },
  {
    id: 'draft-create-9',
    dependsOnHost: true,
    level: 'ours',
    sentence: 'Content that is longer than the announced length creates no upload.',
    async run({ send, events }) {
      const fields = { 'upload-complete': '?0', 'upload-length': '3' }
      expectProblem(await send('POST /files', fields, 'hello'), 400, 'length_exceeded')
      assert.deepEqual(events, [])
    },
  },
  {
    id: 'draft-create-10',
    dependsOnHost: true,
    level: 'SHOULD',
    sentence:
      'If so, the server SHOULD announce the upload resource by sending an interim response with the `104 (Upload Resumption Supported)` status code unless the server is not capable of sending interim responses.',
    needs: 'interim',
    async run({ send, expectOffset }) {
      const answer = await send('POST /files', { 'upload-complete': '?0' }, 'hello')
      const [first] = answer.interim
      assert.equal(first?.status, 104)
      await expectOffset(first.headers['location'] ?? '', 5)
    },
  },
  {
    id: 'draft-create-11',
    level: 'states',
    sentence:
      'However, final responses including the `Upload-Complete: ?1` header field are exempt from this requirement because they are the result of processing the transferred representation and the `Location` value does not necessarily represent the upload location.',
    needs: 'interim',
    options: { hooks: { onComplete: () => ({ location: '/photos/7' }) } },
    async run({ send }) {
      const answer = await send('POST /files', { 'upload-complete': '?1' }, 'hello')
      expectAnswer(answer, 201, { 'upload-complete': '?1', location: '/photos/7' })
      assert.match(answer.interim[0]?.headers['location'] ?? '', /^\/files\//)
    },
  },
  {
    id: 'draft-create-12',
    dependsOnHost: true,
    level: 'ours',
    sentence:
      'A client that gets no 104 response creates an upload without content, and then appends to it.',
    async run(talk) {
      const { create, append, complete, expectOffset, contentOf } = startDraftSession(talk, null)
      const path = await create()
      await expectOffset(path, 0)
      const first = await append(path, 0, 'hello')
      expectAnswer(first, 204, { 'upload-offset': '5', 'upload-complete': '?0' })
      const last = await complete(path, 5, 'world')
      expectAnswer(last, 201, { 'upload-complete': '?1' })
      assert.deepEqual([...first.interim, ...last.interim], [])
      assert.equal(await contentOf(path), 'helloworld')
    },
  },
  {
    id: 'draft-create-13',
    level: 'ours',
    sentence:
      'Content of unannounced length that ends before the length of its upload keeps nothing for a client that got no 104 response.',
    async run(talk) {
      const { send, events } = startDraftSession(talk, null)
      const fields = { 'upload-complete': '?1', 'upload-length': '10' }
      expectProblem(
        await send('POST /files', fields, streamed(['hel', 'lo'])),
        400,
        'length_mismatch',
      )
      assert.deepEqual(events.at(-1), { type: 'removed', id: idOf(events), reason: 'terminated' })
    },
  },
]

function idOf(events: readonly UploadEvent[]): string {
  const [created] = events
  assert.equal(created?.type, 'created')
  return created.upload.id
}
