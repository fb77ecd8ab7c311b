import assert from 'node:assert/strict'
import type { Conversation } from '../runner/conversation.ts'
import { expectAnswer } from '../runner/expect-answer.ts'
import { extensionsOf } from '../runner/client-session.ts'

/** tus 1.0, Core Protocol: OPTIONS. */
export const coreOptions: readonly Conversation[] = [
  {
    id: 'core-options-1',
    level: 'MAY',
    sentence:
      "An `OPTIONS` request MAY be used to gather information about the Server's current configuration.",
    choice: 'On the URL of creation and on those of uploads, which need not exist.',
    async run({ send }) {
      for (const path of ['/files', '/files/', '/files/unknown']) {
        expectAnswer(await send(`OPTIONS ${path}`, { 'tus-resumable': null }), 204, {
          'tus-version': '1.0.0',
          'tus-extension': /creation/,
        })
      }
    },
  },
  {
    id: 'core-options-2',
    level: 'MUST',
    sentence:
      'A successful response indicated by the `204 No Content` or `200 OK` status MUST contain the `Tus-Version` header.',
    choice: '204.',
    async run({ send }) {
      const answer = await send('OPTIONS /files', { 'tus-resumable': null })
      expectAnswer(answer, 204, { 'tus-version': '1.0.0' })
      assert.equal(answer.text, '')
    },
  },
  {
    id: 'core-options-3',
    level: 'MAY',
    sentence: 'It MAY include the `Tus-Extension` and `Tus-Max-Size` headers.',
    choice: 'Both; the latter where there is a limit.',
    options: { maxLength: 5 },
    async run({ announced }) {
      const headers = await announced()
      assert.equal(headers['tus-max-size'], '5')
      assert.match(headers['tus-extension'] ?? '', /^creation/)
    },
  },
  {
    id: 'core-options-4',
    level: 'MUST',
    sentence:
      'The Client SHOULD NOT include the `Tus-Resumable` header in the request and the Server MUST ignore the header.',
    async run({ send }) {
      for (const version of ['1.0.0', '0.2.2', 'nonsense']) {
        const answer = await send('OPTIONS /files', { 'tus-resumable': version })
        expectAnswer(answer, 204, { 'tus-version': '1.0.0' })
      }
    },
  },
  {
    id: 'core-options-5',
    level: 'SHOULD',
    sentence:
      'Feature detection SHOULD be achieved by the Client sending an `OPTIONS` request and the Server responding with the `Tus-Extension` header.',
    choice: 'What is announced is exactly what the store can do and the settings allow.',
    async run(talk) {
      const extensions = await extensionsOf(talk)
      assert.ok(extensions.length > 0)
      assert.equal(new Set(extensions).size, extensions.length, 'none is named twice')
    },
  },
]
