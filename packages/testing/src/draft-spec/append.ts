import assert from 'node:assert/strict'
import { paused, streamed } from '../client/client.ts'
import { expectAnswer } from '../runner/expect-answer.ts'
import { eventually } from '../runner/client-session.ts'
import type { DraftRule } from './describe-draft.ts'
import { expectProblem } from './draft-session.ts'

let completions = 0

/** Section 4.4, Upload Append. */
export const appending: readonly DraftRule[] = [
  {
    id: 'draft-append-1',
    dependsOnHost: true,
    level: 'states',
    sentence:
      'A server applies a `PATCH` request with the `application/partial-upload` media type to an upload resource by appending the patch document in the request content.',
    choice: 'Any other media type is 415.',
    async run({ create, append, complete, contentOf, expectOffset }) {
      const path = await create()
      const wrong = { 'content-type': 'application/octet-stream' }
      expectProblem(await append(path, 0, 'hello', wrong), 415, 'unsupported_media_type')
      await expectOffset(path, 0)
      const right = { 'content-type': 'Application/Partial-Upload; a=b' }
      expectAnswer(await append(path, 0, 'hello', right), 204, { 'upload-offset': '5' })
      expectAnswer(await complete(path, 5, 'world'), 201)
      assert.equal(await contentOf(path), 'helloworld')
    },
  },
  {
    id: 'draft-append-2',
    dependsOnHost: true,
    level: 'SHOULD',
    sentence:
      'In this case, the server SHOULD append as much of the patch document as possible to the upload resource, starting at its beginning and without discontinuities.',
    async run({ create, sendUntil, expectOffset, complete, contentOf }) {
      const content = 'x'.repeat(300_000)
      const path = await create({ 'upload-length': String(content.length) })
      const fields = { 'upload-offset': '0', 'upload-complete': '?1' }
      await sendUntil(200_001, `PATCH ${path}`, fields, content)
      await eventually(() => expectOffset(path, 200_001))
      expectAnswer(await complete(path, 200_001, content.slice(200_001)), 201)
      assert.equal(await contentOf(path), content)
    },
  },
  {
    id: 'draft-append-3',
    dependsOnHost: true,
    level: 'MUST NOT',
    sentence: 'In addition, the upload resource MUST NOT be considered complete then.',
    async run({ create, sendUntil, expectOffset, events }) {
      const path = await create({ 'upload-length': null })
      const fields = {
        'upload-offset': '0',
        'upload-complete': '?1',
        'content-length': null,
        'transfer-encoding': 'chunked',
      }
      await sendUntil(5, `PATCH ${path}`, fields, 'hello')
      await eventually(() => expectOffset(path, 5)).catch(() => expectOffset(path, 0))
      assert.ok(!events.some(({ type }) => type === 'completed'))
    },
  },
  {
    id: 'draft-append-4',
    dependsOnHost: true,
    level: 'MUST',
    sentence:
      'If the `Upload-Offset` request header field value does not match the current offset, the server MUST reject the request with a `409 (Conflict)` status code and the `Upload-Complete` header field set to false.',
    async run({ create, append }) {
      const path = await create()
      expectAnswer(await append(path, 3, 'hello'), 409, { 'upload-complete': '?0' })
    },
  },
  {
    id: 'draft-append-5',
    level: 'MUST',
    sentence: 'The response MUST include the correct offset in the `Upload-Offset` header field.',
    choice:
      'The problem type is `mismatching-upload-offset`, with `expected-offset` and `provided-offset`.',
    async run({ create, append }) {
      const path = await create()
      await append(path, 0, 'hello')
      const answer = await append(path, 3, 'hello')
      expectAnswer(answer, 409, { 'upload-offset': '5' })
      const problem = JSON.parse(answer.text) as Record<string, unknown>
      assert.equal(problem['expected-offset'], 5)
      assert.equal(problem['provided-offset'], 3)
      const type = 'https://iana.org/assignments/http-problem-types#mismatching-upload-offset'
      assert.equal(problem['type'], type)
    },
  },
  {
    id: 'draft-append-6',
    level: 'SHOULD',
    sentence:
      'If the request content was fully processed, the upload is marked as complete and the server SHOULD generate the response that matches what the resource, that was targeted by the initial upload creation, would have generated if it had processed the entire representation in the initial request.',
    options: { hooks: { onComplete: () => ({ response: { status: 202, body: 'later' } }) } },
    async run({ create, complete }) {
      const answer = await complete(await create(), 0, 'helloworld')
      expectAnswer(answer, 202, { 'upload-complete': '?1' })
      assert.equal(answer.text, 'later')
    },
  },
  {
    id: 'draft-append-7',
    level: 'MUST',
    sentence:
      'However, the response MUST include the `Upload-Complete` header field with a true value, allowing clients to identify whether a response, in particular error responses, is related to the resumable upload itself or the processing of the uploaded representation.',
    options: {
      hooks: { onComplete: () => ({ response: { status: 422, body: 'no photo' } }) },
    },
    async run({ create, complete, head }) {
      const path = await create()
      const answer = await complete(path, 0, 'helloworld')
      expectAnswer(answer, 422, { 'upload-complete': '?1' })
      assert.equal(answer.text, 'no photo')
      expectAnswer(await head(path), 204, { 'upload-complete': '?1' })
    },
  },
  {
    id: 'draft-append-8',
    level: 'states',
    sentence:
      'If the request content was fully processed, the server acknowledges the appended data by sending a `2xx (Successful)` response with the `Upload-Complete` header field set to false.',
    async run({ create, append }) {
      const path = await create()
      const expected = { 'upload-complete': '?0', 'upload-offset': '5' }
      expectAnswer(await append(path, 0, 'hello'), 204, expected)
      expectAnswer(await append(path, 5), 204, expected)
    },
  },
  {
    id: 'draft-append-9',
    dependsOnHost: true,
    level: 'MAY',
    sentence:
      'The server can choose to replay the final response to the client if the request to append to the completed upload is valid.',
    choice:
      'It is replayed for an empty append at the end of the upload. Content for a complete upload is 400.',
    options: {
      hooks: {
        onComplete: () => {
          completions += 1
          return { response: { status: 200, body: `made ${completions}` } }
        },
      },
    },
    async run({ create, complete, append }) {
      const path = await create()
      const { text } = await complete(path, 0, 'helloworld')
      const again = await complete(path, 10)
      expectAnswer(again, 200, { 'upload-complete': '?1' })
      assert.equal(again.text, text)
      expectProblem(await complete(path, 10, 'x'), 400, 'upload_complete')
      expectProblem(await append(path, 10), 400, 'upload_complete')
      expectProblem(await complete(path, 5, 'world'), 409, 'offset_mismatch')
      assert.equal((await complete(path, 10)).text, text)
    },
  },
  {
    id: 'draft-append-10',
    level: 'MUST',
    sentence:
      'The server MUST record the length according to Length if the `Upload-Length` or `Upload-Complete` header fields are included in the request.',
    async run({ create, append, complete, head }) {
      const path = await create({ 'upload-length': null })
      await append(path, 0, 'hello')
      expectAnswer(await complete(path, 5, streamed(['wor', 'ld'])), 201)
      expectAnswer(await head(path), 204, { 'upload-length': '10', 'upload-complete': '?1' })
    },
  },
  {
    id: 'draft-append-11',
    dependsOnHost: true,
    level: 'MUST',
    sentence:
      'If the length is known, the server MUST prevent the offset from exceeding the upload length by rejecting the request once the offset exceeds the length, marking the upload resource invalid and rejecting any further interaction with it.',
    choice: 'The upload is removed: it is 404 from then on.',
    async run({ create, append, head, complete }) {
      const path = await create()
      expectProblem(await append(path, 0, 'helloworld!'), 400, 'length_exceeded')
      expectAnswer(await head(path), 404)
      expectProblem(await complete(path, 0), 404, 'not_found')
    },
  },
  {
    id: 'draft-append-12',
    dependsOnHost: true,
    level: 'states',
    sentence:
      'It is not sufficient to rely on the `Content-Length` header field for enforcement because this header field might not be present.',
    async run({ create, append, head }) {
      const path = await create()
      const answer = await append(path, 0, streamed(['hello', 'world', '!']))
      expectProblem(answer, 400, 'length_exceeded')
      expectAnswer(await head(path), 404)
    },
  },
  {
    id: 'draft-append-13',
    dependsOnHost: true,
    level: 'ours',
    sentence: 'Content that ends the upload before its length is refused, and what came is kept.',
    async run({ create, complete, expectOffset }) {
      const path = await create()
      const answer = await complete(path, 0, streamed(['hel', 'lo']))
      expectProblem(answer, 400, 'length_mismatch')
      await expectOffset(path, 5)
      expectAnswer(await complete(path, 5, 'world'), 201)
    },
  },
  {
    id: 'draft-append-14',
    level: 'MUST',
    sentence: 'The request MUST include the `Upload-Complete` header field.',
    async run({ create, append, expectOffset }) {
      const path = await create()
      const without = { 'upload-complete': null }
      expectProblem(await append(path, 0, 'hello', without), 400, 'malformed_request')
      await expectOffset(path, 0)
    },
  },
  {
    id: 'draft-append-15',
    dependsOnHost: true,
    level: 'ours',
    sentence: 'A client that goes silent is answered with 503, after which clients come back.',
    options: { idleTimeout: 150 },
    async run({ create, append, expectOffset }) {
      const path = await create()
      expectProblem(await append(path, 0, paused('hel')), 503, 'interrupted')
      await expectOffset(path, 3)
    },
  },
  {
    id: 'draft-append-16',
    level: 'SHOULD',
    sentence:
      'The server SHOULD include the `Upload-Complete` header field in the response to indicate whether it is the result of processing the uploaded representation.',
    async run({ create, append, complete, remove }) {
      const path = await create()
      expectAnswer(await append(path, 0, 'hello'), 204, { 'upload-complete': '?0' })
      expectAnswer(await append(path, 0, 'hello'), 409, { 'upload-complete': '?0' })
      expectAnswer(await complete(path, 5, 'world'), 201, { 'upload-complete': '?1' })
      await remove(path)
      expectAnswer(await complete(path, 5, 'world'), 404, { 'upload-complete': '?0' })
    },
  },
]
