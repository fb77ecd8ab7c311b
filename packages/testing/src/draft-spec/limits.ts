import { resumableUpload } from '@tusker/core'
import { streamed } from '../client/client.ts'
import { expectAnswer } from '../runner/expect-answer.ts'
import type { DraftRule } from './describe-draft.ts'
import { expectProblem } from './draft-session.ts'

/** Section 4.1.4, Limits. */
export const limits: readonly DraftRule[] = [
  {
    id: 'draft-limit-1',
    dependsOnHost: true,
    level: 'MUST',
    sentence:
      'When responding to an `OPTIONS` request without the `Upload-Complete` header field, if the resource that is the target of the request supports the creation of a resumable upload resource, the server MUST include the `Upload-Limit` header field with the corresponding limits in the response.',
    choice: 'The field of `Upload-Complete` makes no difference. There is no `Accept-Patch`.',
    options: { maxLength: 100, expireAfter: 60_000 },
    async run({ send }) {
      const expected = { 'upload-limit': 'max-size=100, max-age=60', 'accept-patch': null }
      expectAnswer(await send('OPTIONS /files'), 204, expected)
      expectAnswer(await send('OPTIONS /files', { 'upload-complete': '?1' }), 204, expected)
    },
  },
  {
    id: 'draft-limit-2',
    level: 'SHOULD',
    sentence:
      'If a server is configured such that all of its resources support the creation of upload resources with identical limits, it SHOULD include the `Upload-Limit` header field in response to an `OPTIONS` request for the target `*` (if this target is supported).',
    choice: 'An upload server is mounted at a path, and gets no request for `*`.',
    run: null,
    reason: 'the host answers requests for `*`',
  },
  {
    id: 'draft-limit-3',
    level: 'MUST',
    sentence:
      'If the server does not apply any limits, it MUST use `min-size=0` instead of an empty header value.',
    async run({ send, create, head }) {
      const known = /^(max-size=\d+|min-size=0)$/
      expectAnswer(await send('OPTIONS /files'), 204, { 'upload-limit': known })
      expectAnswer(await head(await create()), 204, { 'upload-limit': known })
    },
  },
  {
    id: 'draft-limit-4',
    level: 'SHOULD',
    sentence:
      'A server responding with a `413 (Content Too Large)` status code as a result of its upload limits SHOULD include the `Upload-Limit` header field in this response if possible.',
    choice: 'So does every error response with content.',
    options: { maxLength: 8 },
    async run({ send }) {
      const fields = { 'upload-complete': '?0', 'upload-length': '9' }
      const answer = await send('POST /files', fields)
      expectProblem(answer, 413, 'too_large')
      expectAnswer(answer, 413, { 'upload-limit': 'max-size=8' })
    },
  },
  {
    id: 'draft-limit-5',
    dependsOnHost: true,
    level: 'ours',
    sentence:
      'Limits on single requests are announced and enforced, whether or not a length is known.',
    options: {
      maxLength: 1_000,
      protocols: [resumableUpload({ minSize: 5, maxAppendSize: 6, minAppendSize: 2 })],
    },
    async run({ send, create, append, complete, expectOffset }) {
      const all = {
        'upload-limit': 'max-size=1000, min-size=5, max-append-size=6, min-append-size=2',
      }
      expectAnswer(await send('OPTIONS /files'), 204, all)
      const path = await create()
      const long = await append(path, 0, 'helloworld')
      expectProblem(long, 413, 'too_large')
      expectAnswer(long, 413, all)
      expectProblem(await append(path, 0, streamed(['hell', 'oworld'])), 413, 'too_large')
      await expectOffset(path, 6)
      expectProblem(await append(path, 6, 'x'), 400, 'malformed_request')
      expectAnswer(await append(path, 6, 'rld'), 204)
      expectAnswer(await complete(path, 9, '!'), 201)
      const short = { 'upload-complete': '?0', 'upload-length': '4' }
      expectProblem(await send('POST /files', short), 400, 'malformed_request')
      expectAnswer(await send('POST /files', { 'upload-complete': '?1' }, 'four'), 201)
    },
  },
  {
    id: 'draft-limit-6',
    level: 'SHOULD',
    sentence:
      'Between subsequent responses, the end of the upload resource’s lifetime as implied by `max-age` SHOULD NOT decrease.',
    options: { expireAfter: 3_600_000 },
    choice: 'Each append extends the lifetime, unless it counts from creation.',
    async run({ create, append }) {
      const path = await create()
      expectAnswer(await append(path, 0, 'hello'), 204, { 'upload-limit': /max-age=(3600|3599)$/ })
    },
  },
  {
    id: 'draft-limit-7',
    level: 'SHOULD NOT',
    sentence:
      'Throughout the lifetime of the upload resource, these limits SHOULD NOT change in a way that causes failures for clients adhering to the initially discovered limits.',
    choice: 'They are options of the server, and `max-age` alone differs between responses.',
    options: {
      maxLength: 1_000,
      protocols: [resumableUpload({ minSize: 5, maxAppendSize: 6, minAppendSize: 2 })],
    },
    async run({ send, create, append, head }) {
      const { headers } = await send('OPTIONS /files')
      const same = { 'upload-limit': headers['upload-limit'] ?? '' }
      const path = await create()
      expectAnswer(await head(path), 204, same)
      expectAnswer(await append(path, 0, 'hello'), 204, same)
      expectAnswer(await append(path, 5, 'wor'), 204, same)
    },
  },
  {
    id: 'draft-limit-8',
    level: 'SHOULD NOT',
    sentence:
      'To reduce the likelihood of failing requests, the limits announced in an `OPTIONS` response SHOULD NOT be less restrictive than the limits applied to an upload once the upload resource has been created, unless the request to create an upload resource included additional information that warrants different limits.',
    choice: 'A hook of the application may refuse an upload that is within the limits.',
    options: { maxLength: 8 },
    async run({ send, create, complete }) {
      expectAnswer(await send('OPTIONS /files'), 204, { 'upload-limit': 'max-size=8' })
      const path = await create({ 'upload-length': '8' })
      expectAnswer(await complete(path, 0, 'eight by'), 201)
      const unknown = await create({ 'upload-length': null })
      expectProblem(await complete(unknown, 0, streamed(['eight by', 'te'])), 413, 'too_large')
    },
  },
  {
    id: 'draft-limit-9',
    level: 'states',
    sentence:
      'This limit does not apply to upload creation requests with no content, or to requests completing the upload by including the `Upload-Complete: ?1` header field.',
    options: { protocols: [resumableUpload({ minAppendSize: 4 })] },
    async run({ send, create, append, complete }) {
      const path = await create()
      expectProblem(await append(path, 0, 'hel'), 400, 'malformed_request')
      expectAnswer(await append(path, 0, 'hell'), 204)
      expectAnswer(await complete(path, 4, streamed(['owor', 'ld'])), 201)
      const short = { 'upload-complete': '?0', 'upload-length': '10' }
      expectProblem(await send('POST /files', short, 'hel'), 400, 'malformed_request')
      expectAnswer(await complete(await create({ 'upload-length': '1' }), 0, 'x'), 201)
    },
  },
  {
    id: 'draft-limit-10',
    level: 'ours',
    sentence:
      'An append that is too short is refused for that only when nothing is wrong with its upload, its offset and its length.',
    options: { protocols: [resumableUpload({ minAppendSize: 4 })] },
    async run({ create, append, complete, head }) {
      expectProblem(await append('/files/unknown', 0, 'x'), 404, 'not_found')
      const path = await create()
      expectProblem(await append(path, 1, 'x'), 409, 'offset_mismatch')
      expectAnswer(await append(path, 0, 'helloworld'), 204)
      expectProblem(await append(path, 10, '!'), 400, 'length_exceeded')
      expectAnswer(await head(path), 404)
      const whole = await create({ 'upload-length': '1' })
      expectAnswer(await complete(whole, 0, 'x'), 201)
      expectProblem(await append(whole, 1, 'x'), 400, 'upload_complete')
    },
  },
]
