import { UploadError } from '@tusker/core'
import assert from 'node:assert/strict'
import { eventually } from '../runner/client-session.ts'
import { expectAnswer } from '../runner/expect-answer.ts'
import type { DraftRule } from './describe-draft.ts'
import { expectProblem } from './draft-session.ts'

/** The action that `authorize` refuses; null for none. */
let refused: string | null = null

/** A server whose application refuses one action at a time. */
const REFUSING = {
  hooks: {
    authorize(action: string): void {
      if (action === refused) throw new UploadError('forbidden', 'not allowed any more')
    },
  },
}

/** Section 13, Security Considerations. */
export const security: readonly DraftRule[] = [
  {
    id: 'draft-security-1',
    level: 'SHOULD',
    sentence:
      'To prevent this, the server SHOULD ensure that only authorized clients can access the upload resource.',
    choice: 'The hook `authorize` decides for each request; `identify` gives an upload its owner.',
    options: REFUSING,
    async run({ create, append, head, remove, expectOffset }) {
      refused = null
      const path = await create()
      for (const [action, request] of [
        ['inspect', () => head(path)],
        ['append', () => append(path, 0, 'hello')],
        ['remove', () => remove(path)],
      ] as const) {
        refused = action
        expectAnswer(await request(), 403, { 'upload-offset': null })
      }
      refused = null
      await expectOffset(path, 0)
    },
  },
  {
    id: 'draft-security-2',
    level: 'states',
    sentence:
      'To reduce the risk of unauthorized access, it is RECOMMENDED to generate upload resource URIs in such a way that makes it hard to be guessed by unauthorized clients.',
    choice: 'An id has 122 random bits, unless a hook sets another one.',
    async run({ create }) {
      const ids = [await create(), await create()]
      for (const path of ids) assert.match(path, /^\/files\/[0-9a-f]{32}$/)
      assert.notEqual(ids[0], ids[1])
    },
  },
  {
    id: 'draft-security-3',
    level: 'MUST',
    sentence:
      'In addition, metadata MUST be validated and/or sanitized if the server takes its values into consideration for processing or storing the representation.',
    choice:
      'The option `metadata` validates it. A download never gets a media type that runs scripts.',
    async run({ send }) {
      const fields = {
        'upload-complete': '?1',
        'content-type': 'text/html',
        'content-disposition': 'inline; filename="../../a.html"',
      }
      const { headers } = await send('POST /files', fields, '<script>')
      const answer = await send(`GET ${new URL(headers['location'] ?? '', 'http://host').pathname}`)
      expectAnswer(answer, 200, {
        'content-disposition': /^attachment; filename="[^/]*"/,
        'x-content-type-options': 'nosniff',
      })
    },
  },
  {
    id: 'draft-security-4',
    level: 'SHOULD',
    sentence:
      'To mitigate vulnerabilities arising from time-of-check to time-of-use (TOCTOU) conditions, the server SHOULD validate that the user is still allowed to perform the requested action before finalizing the upload.',
    choice: '`authorize` is asked again, for `complete`.',
    options: REFUSING,
    async run({ create, complete, expectOffset }) {
      refused = null
      const path = await create()
      refused = 'complete'
      expectProblem(await complete(path, 0, 'helloworld'), 403, 'forbidden')
      refused = null
      await expectOffset(path, 10)
      expectAnswer(await complete(path, 10), 201, { 'upload-complete': '?1' })
    },
  },
  {
    id: 'draft-security-5',
    level: 'SHOULD',
    sentence:
      'Servers SHOULD provide mitigations for Slowloris attacks, such as increasing the maximum number of clients the server will allow, limiting the number of uploads a single client is allowed to make, imposing restrictions on the minimum transfer speed an upload is allowed to have, and restricting the length of time an upload resource can exist.',
    choice:
      'A request without bytes ends after `idleTimeout`. With `expireFrom: "creation"` appends extend no lifetime.',
    options: { expireAfter: 500, expireFrom: 'creation', sweepEvery: 2 ** 31 - 1 },
    async run({ create, append, head }) {
      const path = await create()
      await eventually(async () => {
        const offset = Number((await head(path)).headers['upload-offset'] ?? '0')
        expectProblem(await append(path, offset, offset < 9 ? 'x' : ''), 410, 'expired')
      })
    },
  },
]
