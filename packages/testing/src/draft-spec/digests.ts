import { createHash } from 'node:crypto'
import { expectAnswer } from '../runner/expect-answer.ts'
import { pathOf } from '../runner/client-session.ts'
import type { DraftRule } from './describe-draft.ts'
import { expectProblem } from './draft-session.ts'

const sha = (text: string): string => `:${createHash('sha1').update(text).digest('base64')}:`

/** Section 10, Integrity Digests. */
export const digests: readonly DraftRule[] = [
  {
    id: 'draft-digest-1',
    dependsOnHost: true,
    level: 'SHOULD',
    sentence:
      "If the digests don't match the server SHOULD consider the transfer failed, not append the content to the upload resource, and signal the failure to the client.",
    choice:
      'The status is 400. A digest that cannot be read, or of another algorithm, is ignored. The algorithms are those of the option `checksums`.',
    async run({ create, append, expectOffset }) {
      const path = await create()
      const wrong = { 'content-digest': `sha=${sha('other')}` }
      expectProblem(await append(path, 0, 'hello', wrong), 400, 'checksum_mismatch')
      await expectOffset(path, 0)
      const right = { 'content-digest': `crc64=:AAAA:, sha=${sha('hello')};a` }
      expectAnswer(await append(path, 0, 'hello', right), 204)
      for (const value of ['sha=hello', 'sha', 'sha=:%:', `crc64=${sha('x')}`]) {
        expectAnswer(await append(path, 5, '', { 'content-digest': value }), 204)
      }
    },
  },
  {
    id: 'draft-digest-2',
    level: 'SHOULD',
    sentence:
      "If the digests don't match, the server SHOULD consider the upload failed, not process the representation further, and signal the failure to the client.",
    choice: 'The algorithm is that of the option `digest`.',
    options: { digest: 'sha1' },
    async run({ create, complete, head }) {
      const wrong = await create({ 'repr-digest': `sha=${sha('other')}` })
      const refused = await complete(wrong, 0, 'helloworld')
      expectProblem(refused, 422, 'rejected')
      expectAnswer(refused, 422, { 'upload-complete': '?1' })
      expectProblem(await complete(wrong, 10), 422, 'rejected')
      expectAnswer(await head(wrong), 204, { 'upload-complete': '?1' })
      const right = await create({ 'repr-digest': `sha=${sha('helloworld')}` })
      expectAnswer(await complete(right, 0, 'helloworld'), 201)
    },
  },
  {
    id: 'draft-digest-3',
    level: 'SHOULD',
    sentence:
      'The server SHOULD compute the representation digests using the preferred algorithms once the upload is complete and include the corresponding `Repr-Digest` header field in the response.',
    choice: 'The digest is that of the option `digest`, and comes whether it was asked for or not.',
    options: { digest: 'sha1' },
    async run({ send, head }) {
      const fields = { 'upload-complete': '?1', 'want-repr-digest': 'sha=10, sha-256=3' }
      const answer = await send('POST /files', fields, 'hello')
      const expected = { 'repr-digest': `sha=${sha('hello')}` }
      expectAnswer(answer, 201, expected)
      expectAnswer(await head(pathOf(answer)), 204, expected)
    },
  },
  {
    id: 'draft-digest-4',
    level: 'SHOULD',
    sentence:
      'The response SHOULD include at least one of the requested digests, but might not include it.',
    choice: 'Without the option `digest` there is none.',
    options: { digest: 'sha1' },
    async run({ create, complete }) {
      const path = await create({ 'want-repr-digest': 'sha=1' })
      const answer = await complete(path, 0, 'helloworld')
      expectAnswer(answer, 201, { 'repr-digest': `sha=${sha('helloworld')}` })
    },
  },
]
