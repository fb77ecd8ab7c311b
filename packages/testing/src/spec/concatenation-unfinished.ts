import assert from 'node:assert/strict'
import { joining } from './concatenation.ts'
import type { Conversation } from '../runner/conversation.ts'
import { expectAnswer, expectRefusal } from '../runner/expect-answer.ts'
import { eventually, extensionsOf } from '../runner/client-session.ts'

const needs = 'concatenation-unfinished'
const PARTIAL = { 'upload-concat': 'partial' }

/** tus 1.0, Concatenation: of partial uploads that are still in progress. */
export const concatenationUnfinished: readonly Conversation[] = [
  {
    id: 'unfinished-1',
    level: 'MAY',
    sentence:
      'The Client MAY send the concatenation request while the partial uploads are still in progress.',
    needs,
    choice:
      'The server completes the final upload in the background once its last part is complete, at the latest with the next HEAD or sweep.',
    async run({ create, patch, expectOffset, contentOf, events }) {
      const [a, b] = [await create(PARTIAL), await create({ ...PARTIAL, 'upload-length': '6' })]
      const path = await create(joining(a, b))
      expectAnswer(await patch(b, 0, ' world'), 204)
      expectAnswer(await patch(path, 0, 'x'), 403)
      expectAnswer(await patch(a, 0, 'hello'), 204)
      await eventually(async () => {
        const last = events.at(-1)
        assert.equal(last?.type, 'completed')
        assert.equal(last.upload.id, path.slice('/files/'.length))
      })
      await expectOffset(path, 11)
      assert.equal(await contentOf(path), 'hello world')
    },
  },
  {
    id: 'unfinished-2',
    level: 'MUST',
    sentence:
      'This feature MUST be explicitly announced by the Server by adding `concatenation-unfinished` to the `Tus-Extension` header.',
    needs: 'concatenation',
    async run(talk) {
      const announced = (await extensionsOf(talk)).includes(needs)
      const answer = await talk.send('POST /files', joining(await talk.create(PARTIAL)))
      if (announced) expectAnswer(answer, 201)
      else expectRefusal(answer, 400, 'invalid_part')
    },
  },
]
