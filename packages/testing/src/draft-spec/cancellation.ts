import assert from 'node:assert/strict'
import { paused } from '../client/client.ts'
import { expectAnswer } from '../runner/expect-answer.ts'
import { eventually } from '../runner/client-session.ts'
import type { DraftRule } from './describe-draft.ts'
import { expectProblem } from './draft-session.ts'

/** Sections 4.5 and 4.6, Upload Cancellation and Concurrency. */
export const cancellation: readonly DraftRule[] = [
  {
    id: 'draft-cancel-1',
    dependsOnHost: true,
    level: 'SHOULD',
    sentence:
      'Upon receiving a `DELETE` request, the server SHOULD deactivate the upload resource.',
    async run({ create, remove, head, append }) {
      const path = await create()
      expectAnswer(await remove(path), 204)
      expectAnswer(await head(path), 404)
      expectProblem(await append(path, 0, 'x'), 404, 'not_found')
      expectProblem(await remove(path), 404, 'not_found')
    },
  },
  {
    id: 'draft-cancel-2',
    dependsOnHost: true,
    level: 'SHOULD',
    sentence:
      'The server SHOULD terminate any in-flight requests to the upload resource before sending the response by abruptly terminating their HTTP connection(s) or stream(s).',
    choice: 'The request gets an error response; its connection is closed by the host.',
    async run({ create, append, remove, expectOffset }) {
      const path = await create()
      const body = paused('hello')
      const running = append(path, 0, body)
      await eventually(() => expectOffset(path, 5))
      expectAnswer(await remove(path), 204)
      expectProblem(await running, 503, 'interrupted')
    },
  },
  {
    id: 'draft-cancel-3',
    level: 'SHOULD NOT',
    sentence:
      'The server SHOULD NOT generate a response with the `301 (Moved Permanently)` and `302 (Found)` status codes because clients might follow the redirect without preserving the `DELETE` method.',
    async run({ create, remove }) {
      expectAnswer(await remove(await create()), 204)
      expectAnswer(await remove(`${await create()}/`), 204)
    },
  },
  {
    id: 'draft-concurrency-1',
    level: 'MUST',
    sentence:
      'Therefore, the server MUST take measures to prevent race conditions, data loss and corruption from concurrent requests to append representation data and/or cancellation to the same upload resource.',
    async run({ create, append, complete, contentOf }) {
      const path = await create()
      const answers = await Promise.all(
        ['AAAAA', 'BBBBB', 'CCCCC'].map((content) => append(path, 0, content)),
      )
      assert.equal(answers.filter(({ status }) => status === 204).length, 1)
      expectAnswer(await complete(path, 5, 'world'), 201)
      assert.match(await contentOf(path), /^(AAAAA|BBBBB|CCCCC)world$/)
    },
  },
  {
    id: 'draft-concurrency-2',
    dependsOnHost: true,
    level: 'MUST NOT',
    sentence:
      'In addition, the server MUST NOT send outdated information in responses when retrieving the offset.',
    choice:
      'HEAD takes no lease. The offset it reports is accepted by the next append, which takes over from a request whose client has gone silent. If bytes of that request arrived in between, the append gets 409 with the right offset.',
    async run({ create, append, expectOffset, complete }) {
      const path = await create()
      const running = append(path, 0, paused('hello'))
      await eventually(() => expectOffset(path, 5))
      expectAnswer(await complete(path, 5, 'world'), 201)
      expectProblem(await running, 503, 'interrupted')
    },
  },
]
