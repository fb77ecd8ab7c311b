import assert from 'node:assert/strict'
import { joining } from './concatenation.ts'
import type { Conversation } from '../runner/conversation.ts'
import { expectAnswer, expectRefusal } from '../runner/expect-answer.ts'
import { DEFERRED, eventually, pathOf } from '../runner/client-session.ts'

const PARTIAL = { 'upload-concat': 'partial' }

/** What the text does not mention, about joining uploads. */
export const edgesOfJoining: readonly Conversation[] = [
  {
    id: 'join-1',
    level: 'ours',
    sentence: 'The maximum bounds a final upload whose length is known only later.',
    needs: 'concatenation-unfinished',
    options: { maxLength: 5 },
    choice: 'Its URL is 413 then: it cannot be made of these parts.',
    async run({ create, send, head }) {
      const partial = { ...DEFERRED, 'upload-concat': 'partial' }
      const parts = [await create(partial), await create(partial)]
      const path = await create(joining(...parts))
      for (const part of parts) {
        const declaring = { 'upload-offset': '0', 'upload-length': '3' }
        expectAnswer(await send(`PATCH ${part}`, declaring, 'abc'), 204)
      }
      expectAnswer(await head(path), 413, { 'upload-offset': null })
      expectRefusal(await send(`GET ${path}`), 413, 'too_large')
    },
  },
  {
    id: 'join-2',
    level: 'ours',
    sentence: 'Parts that make more than 2^53 - 1 bytes together cannot be joined.',
    needs: 'concatenation',
    async run({ create, send }) {
      const partial = { 'upload-concat': 'partial', 'upload-length': '9007199254740991' }
      const parts = [await create(partial), await create({ ...partial, 'upload-length': '1' })]
      expectRefusal(await send('POST /files', joining(...parts)), 413, 'too_large')
    },
  },
  {
    id: 'join-3',
    level: 'ours',
    sentence: 'A final upload that waits for a part which is removed is rejected: 422.',
    needs: 'concatenation-unfinished',
    async run({ create, remove, head, patch, send }) {
      const partial = { 'upload-concat': 'partial' }
      const [a, b] = [await create(partial), await create(partial)]
      const path = await create(joining(a, b))
      expectAnswer(await remove(a), 204)
      expectAnswer(await patch(b, 0, 'hello'), 204)
      await eventually(async () => expectAnswer(await head(path), 422, { 'upload-offset': null }))
      expectRefusal(await send(`GET ${path}`), 422, 'rejected')
      expectAnswer(await remove(path), 204)
      expectAnswer(await head(path), 404)
      expectAnswer(await head(b), 200, { 'upload-offset': '5' })
    },
  },
  {
    id: 'join-4',
    level: 'ours',
    sentence:
      'A final upload that is asked for again, after a lost response, is the first one: same parts in the same order, same metadata, same owner.',
    needs: 'concatenation',
    async run({ upload, send, contentOf, events, remove }) {
      const [a, b] = [await upload('a', PARTIAL), await upload('b', PARTIAL)]
      const answers = await Promise.all([1, 2, 3].map(() => send('POST /files', joining(a, b))))
      answers.push(await send('POST /files', joining(a, b)))
      for (const answer of answers) expectAnswer(answer, 201)
      const [first = '', ...others] = answers.map(pathOf)
      assert.deepEqual(new Set(others), new Set([first]))
      assert.equal(await contentOf(first), 'ab')
      assert.equal(events.filter(({ type }) => type === 'created').length, 3)

      const named = { ...joining(a, b), 'upload-metadata': 'name YQ==' }
      const different = [joining(b, a), named]
      for (const fields of different) {
        assert.notEqual(pathOf(await send('POST /files', fields)), first)
      }
      expectAnswer(await remove(first), 204)
      assert.equal(await contentOf(pathOf(await send('POST /files', joining(a, b)))), 'ab')
    },
  },
  {
    id: 'join-5',
    level: 'ours',
    sentence: 'A part can be in eight final uploads at a time: another one is 400.',
    needs: 'concatenation',
    async run({ upload, send, remove }) {
      const part = await upload('a', PARTIAL)
      const paths: string[] = []
      for (let copies = 1; copies <= 8; copies += 1) {
        const answer = await send('POST /files', joining(...Array<string>(copies).fill(part)))
        expectAnswer(answer, 201)
        paths.push(pathOf(answer))
      }
      const ninth = joining(...Array<string>(9).fill(part))
      expectRefusal(await send('POST /files', ninth), 400, 'invalid_part')
      expectAnswer(await remove(paths[0] ?? ''), 204)
      expectAnswer(await send('POST /files', ninth), 201)
    },
  },
]
