import assert from 'node:assert/strict'
import { joining } from './concatenation.ts'
import type { Conversation } from '../runner/conversation.ts'
import { expectAnswer, expectRefusal } from '../runner/expect-answer.ts'
import { DEFERRED, pathOf } from '../runner/client-session.ts'

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
    sentence: 'A final upload that waits for a part which is removed stays incomplete.',
    needs: 'concatenation-unfinished',
    async run({ create, remove, head, patch }) {
      const partial = { 'upload-concat': 'partial' }
      const [a, b] = [await create(partial), await create(partial)]
      const path = await create(joining(a, b))
      expectAnswer(await remove(a), 204)
      expectAnswer(await patch(b, 0, 'hello'), 204)
      expectAnswer(await head(path), 200, { 'upload-offset': null, 'upload-length': '10' })
      expectAnswer(await remove(path), 204)
      expectAnswer(await head(path), 404)
      expectAnswer(await head(b), 200, { 'upload-offset': '5' })
    },
  },
  {
    id: 'join-4',
    level: 'ours',
    sentence: 'A final upload that is asked for again, after a lost answer, is made again.',
    needs: 'concatenation',
    async run({ upload, send, contentOf }) {
      const part = await upload('hello', { 'upload-concat': 'partial' })
      const answers = await Promise.all([1, 2, 3].map(() => send('POST /files', joining(part))))
      for (const answer of answers) {
        expectAnswer(answer, 201)
        assert.equal(await contentOf(pathOf(answer)), 'hello')
      }
    },
  },
]
