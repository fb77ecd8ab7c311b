import assert from 'node:assert/strict'
import type { Conversation } from '../runner/conversation.ts'
import { expectAnswer, expectRefusal } from '../runner/expect-answer.ts'
import { extensionsOf } from '../runner/client-session.ts'

const needs = 'termination'

/** tus 1.0, Termination. */
export const termination: readonly Conversation[] = [
  {
    id: 'termination-1',
    level: 'states',
    sentence:
      'This extension defines a way for the Client to terminate completed and unfinished uploads allowing the Server to free up used resources.',
    needs,
    choice: 'A request that is adding bytes is ended first, with 423.',
    async run({ create, upload, patch, remove }) {
      const unfinished = await create()
      expectAnswer(await patch(unfinished, 0, 'hel'), 204)
      expectAnswer(await remove(unfinished), 204)
      expectAnswer(await remove(await upload('hello')), 204)
      expectAnswer(await remove(await create()), 204)
    },
  },
  {
    id: 'termination-2',
    level: 'MUST',
    sentence:
      'If this extension is supported by the Server, it MUST be announced by adding `termination` to the `Tus-Extension` header.',
    choice: 'Where it is not, DELETE is 405.',
    async run(talk) {
      const announced = (await extensionsOf(talk)).includes(needs)
      const answer = await talk.remove(await talk.create())
      if (announced) expectAnswer(answer, 204)
      else expectRefusal(answer, 405, 'unsupported_method')
    },
  },
  {
    id: 'termination-3',
    level: 'MUST',
    sentence:
      'When receiving a `DELETE` request for an existing upload the Server SHOULD free associated resources and MUST respond with the `204 No Content` status confirming that the upload was terminated.',
    needs,
    async run({ create, remove, events }) {
      const path = await create()
      const answer = await remove(path)
      expectAnswer(answer, 204)
      assert.equal(answer.text, '')
      assert.deepEqual(events.at(-1), {
        type: 'removed',
        id: path.slice('/files/'.length),
        reason: 'terminated',
      })
    },
  },
  {
    id: 'termination-4',
    level: 'SHOULD',
    sentence:
      'For all future requests to this URL, the Server SHOULD respond with the `404 Not Found` or `410 Gone` status.',
    needs,
    choice: '404: nothing is remembered of a removed upload.',
    async run({ create, upload, remove, head, patch, send }) {
      for (const path of [await create(), await upload('hello')]) {
        expectAnswer(await remove(path), 204)
        expectAnswer(await head(path), 404)
        expectRefusal(await patch(path, 0, 'hello'), 404, 'not_found')
        expectRefusal(await remove(path), 404, 'not_found')
        expectRefusal(await send(`GET ${path}`), 404, 'not_found')
      }
    },
  },
]
