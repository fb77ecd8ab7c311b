import { expectAnswer } from '../runner/expect-answer.ts'
import type { DraftRule } from './describe-draft.ts'
import { expectProblem } from './draft-session.ts'

/** Section 4.1, State. */
export const state: readonly DraftRule[] = [
  {
    id: 'draft-state-1',
    level: 'SHOULD',
    sentence: 'An upload resource SHOULD be unique.',
    async run({ create }) {
      if ((await create()) === (await create())) throw new Error('two uploads have one URL')
    },
  },
  {
    id: 'draft-state-2',
    level: 'MUST NOT',
    sentence:
      'Representation data processed by the upload resource cannot be removed again and, therefore, the offset MUST NOT decrease.',
    async run({ create, append, expectOffset }) {
      const path = await create()
      await append(path, 0, 'hello')
      expectProblem(await append(path, 3, 'xy'), 409, 'offset_mismatch')
      await expectOffset(path, 5)
    },
  },
  {
    id: 'draft-state-3',
    level: 'MUST',
    sentence:
      'If the server loses any part of the state, it MUST deactivate the upload resource and reject further interaction with it.',
    choice: 'An upload whose record or bytes cannot be trusted is answered with 410.',
    run: null,
    reason: 'the tests of each store show what it does with a damaged record',
  },
  {
    id: 'draft-state-4',
    dependsOnHost: true,
    level: 'MUST',
    sentence: 'Other values MUST cause the entire header field to be ignored. (Upload-Offset)',
    choice: 'An append without a valid offset is 400.',
    async run({ create, append, expectOffset }) {
      const path = await create()
      for (const value of ['-1', '1.0', '?1', '"0"', '0, 0', '', '9999999999999999']) {
        const fields = { 'upload-offset': value }
        expectProblem(await append(path, 0, 'hello', fields), 400, 'malformed_request')
      }
      expectAnswer(await append(path, 0, 'hello', { 'upload-offset': '0;a=1' }), 204)
      await expectOffset(path, 5)
    },
  },
  {
    id: 'draft-state-5',
    level: 'MUST',
    sentence: 'Other values MUST cause the entire header field to be ignored. (Upload-Complete)',
    choice:
      'A request for an upload is refused without the field: nothing at this URL takes anything else.',
    async run({ send }) {
      for (const value of ['true', '1', '?2', '?1, ?1', '"?1"', '']) {
        const answer = await send('POST /files', { 'upload-complete': value }, 'hello')
        expectProblem(answer, 400, 'malformed_request')
      }
    },
  },
  {
    id: 'draft-state-6',
    level: 'MUST',
    sentence: 'Other values MUST cause the entire header field to be ignored. (Upload-Length)',
    async run({ create, head }) {
      for (const value of ['-1', '5.5', 'ten', '?1', '(10)']) {
        expectAnswer(await head(await create({ 'upload-length': value })), 204, {
          'upload-length': null,
        })
      }
    },
  },
  {
    id: 'draft-state-7',
    level: 'MUST',
    sentence:
      'If indicators (1) and (2) are both present in the same request, their indicated lengths MUST match.',
    choice: 'It is 400 with the problem type `inconsistent-upload-length`.',
    async run({ send, create, complete, expectOffset }) {
      const fields = { 'upload-complete': '?1', 'upload-length': '9' }
      const answer = await send('POST /files', fields, 'hello')
      expectProblem(answer, 400, 'length_mismatch')
      expectAnswer(answer, 400, { 'upload-complete': '?0' })
      const path = await create({ 'upload-length': null })
      expectProblem(
        await complete(path, 0, 'hello', { 'upload-length': '9' }),
        400,
        'length_mismatch',
      )
      await expectOffset(path, 0)
    },
  },
  {
    id: 'draft-state-8',
    level: 'MUST',
    sentence: 'If multiple requests include indicators, their indicated values MUST match.',
    async run({ create, append, complete, expectOffset }) {
      const path = await create()
      expectProblem(
        await append(path, 0, 'hello', { 'upload-length': '9' }),
        400,
        'length_mismatch',
      )
      expectProblem(await complete(path, 0, 'hello'), 400, 'length_mismatch')
      await expectOffset(path, 0)
    },
  },
  {
    id: 'draft-state-9',
    level: 'states',
    sentence: 'The offset could match the length, but the upload can still be incomplete.',
    choice: 'An upload that tus began is complete at its length, whichever protocol finishes it.',
    async run({ create, append, complete, expectOffset }) {
      const path = await create()
      expectAnswer(await append(path, 0, 'helloworld'), 204, { 'upload-complete': '?0' })
      await expectOffset(path, 10)
      expectAnswer(await complete(path, 10), 201, { 'upload-complete': '?1' })
    },
  },
]
