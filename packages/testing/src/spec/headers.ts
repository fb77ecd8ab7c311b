import assert from 'node:assert/strict'
import type { Conversation } from '../runner/conversation.ts'
import { expectAnswer, expectRefusal } from '../runner/expect-answer.ts'
import { extensionsOf } from '../runner/client-session.ts'

const NOT_NUMBERS = ['-1', '+1', '1.0', '1e3', '0x10', '', 'five', '9007199254740992']

/** tus 1.0, Core Protocol: its opening and its header fields. */
export const coreHeaders: readonly Conversation[] = [
  {
    id: 'core-1',
    level: 'MUST',
    sentence: 'All Clients and Servers MUST implement the core protocol.',
    async run({ create, patch, head }) {
      const path = await create({ 'upload-length': '100' })
      expectAnswer(await patch(path, 0, 'a'.repeat(70)), 204, { 'upload-offset': '70' })
      expectAnswer(await head(path), 200, { 'upload-offset': '70', 'upload-length': '100' })
      expectAnswer(await patch(path, 70, 'b'.repeat(30)), 204, { 'upload-offset': '100' })
      expectAnswer(await head(path), 200, { 'upload-offset': '100', 'upload-length': '100' })
    },
  },
  {
    id: 'core-2',
    level: 'states',
    sentence:
      'In addition, the implementation of authentication and authorization is left for the Server to decide.',
    choice:
      'The `identify` hook names who is asking, and an upload with an owner answers 403 to anybody else. The `authorize` hook is asked on every request.',
    run: null,
    reason: 'the text demands nothing; the suite of promises shows what the hooks do',
  },
  {
    id: 'core-offset-1',
    level: 'MUST',
    sentence: 'The value MUST be a non-negative integer. (Upload-Offset)',
    choice: 'Anything else is 400: signs, fractions, leading zeros, and integers above 2^53 - 1.',
    async run({ create, send, expectOffset }) {
      const path = await create()
      for (const value of [...NOT_NUMBERS, '00']) {
        const answer = await send(`PATCH ${path}`, { 'upload-offset': value }, 'hello')
        expectRefusal(answer, 400, 'malformed_request')
      }
      await expectOffset(path, 0)
    },
  },
  {
    id: 'core-length-1',
    level: 'MUST',
    sentence: 'The value MUST be a non-negative integer. (Upload-Length)',
    choice: 'Anything else is 400: signs, fractions, leading zeros, and integers above 2^53 - 1.',
    async run({ send, create, head }) {
      for (const value of NOT_NUMBERS) {
        const answer = await send('POST /files', { 'upload-length': value })
        expectRefusal(answer, 400, 'malformed_request')
      }
      const path = await create({ 'upload-length': '9007199254740991' })
      expectAnswer(await head(path), 200, { 'upload-length': '9007199254740991' })
    },
  },
  {
    id: 'core-version-1',
    level: 'MUST',
    sentence:
      'The `Tus-Version` response header MUST be a comma-separated list of protocol versions supported by the Server.',
    async run({ announced }) {
      assert.match((await announced())['tus-version'] ?? '', /^\d+\.\d+\.\d+(,\d+\.\d+\.\d+)*$/)
    },
  },
  {
    id: 'core-version-2',
    level: 'MUST',
    sentence:
      "The list MUST be sorted by Server's preference where the first one is the most preferred one.",
    choice: 'There is one version: 1.0.0.',
    async run({ announced }) {
      assert.equal((await announced())['tus-version']?.split(',')[0], '1.0.0')
    },
  },
  {
    id: 'core-resumable-1',
    level: 'MUST',
    sentence:
      'The `Tus-Resumable` header MUST be included in every request and response except for `OPTIONS` requests.',
    choice:
      'A request without it is answered as one in an unsupported version: 412. Downloads (GET) and OPTIONS need none.',
    async run({ create, send, patch, remove }) {
      const expected = { 'tus-resumable': '1.0.0' }
      const path = await create()
      expectAnswer(await send('POST /files', { 'upload-length': '5' }), 201, expected)
      expectAnswer(await send(`HEAD ${path}`), 200, expected)
      expectAnswer(await patch(path, 0, 'hello'), 204, expected)
      expectAnswer(await patch(path, 3, ''), 409, expected)
      expectAnswer(await remove(path), 204, expected)
      expectAnswer(await remove(path), 404, expected)
      expectAnswer(await send('POST /files', { 'tus-resumable': null }), 412, expected)
    },
  },
  {
    id: 'core-resumable-2',
    level: 'MUST',
    sentence:
      'The value MUST be the version of the protocol used by the Client or the Server. (Tus-Resumable)',
    async run({ create, head, announced }) {
      expectAnswer(await head(await create()), 200, { 'tus-resumable': '1.0.0' })
      assert.equal((await announced())['tus-resumable'], '1.0.0')
    },
  },
  {
    id: 'core-resumable-3',
    level: 'MUST',
    sentence:
      'If the version specified by the Client is not supported by the Server, it MUST respond with the `412 Precondition Failed` status and MUST include the `Tus-Version` header into the response.',
    choice: 'So it is for every method, HEAD included.',
    async run({ create, send }) {
      const path = await create()
      for (const version of ['0.2.2', '1.0', '1.0.1', '2.0.0', 'one', '1.0.0, 1.0.0']) {
        const fields = { 'tus-resumable': version, 'upload-length': '5', 'upload-offset': '0' }
        for (const line of ['POST /files', `HEAD ${path}`, `PATCH ${path}`, `DELETE ${path}`]) {
          expectAnswer(await send(line, fields), 412, { 'tus-version': '1.0.0' })
        }
      }
    },
  },
  {
    id: 'core-resumable-4',
    level: 'MUST NOT',
    sentence: 'In addition, the Server MUST NOT process the request.',
    async run({ create, send, expectOffset, events }) {
      const path = await create()
      const before = events.length
      const fields = { 'tus-resumable': '0.2.2', 'upload-offset': '0', 'upload-length': '5' }
      expectAnswer(await send(`PATCH ${path}`, fields, 'hello'), 412)
      expectAnswer(await send(`DELETE ${path}`, fields), 412)
      expectAnswer(await send('POST /files', fields), 412, { location: null })
      assert.equal(events.length, before, 'nothing happened')
      await expectOffset(path, 0)
    },
  },
  {
    id: 'core-extension-1',
    level: 'MUST',
    sentence:
      'The `Tus-Extension` response header MUST be a comma-separated list of the extensions supported by the Server.',
    choice: 'Without spaces: some clients take the list apart at the commas alone.',
    async run(talk) {
      for (const name of await extensionsOf(talk)) assert.match(name, /^[a-z-]+$/)
    },
  },
  {
    id: 'core-extension-2',
    level: 'MUST',
    sentence: 'If no extensions are supported, the `Tus-Extension` header MUST be omitted.',
    run: null,
    reason: 'creation and creation-with-upload are always supported',
  },
  {
    id: 'core-max-size-1',
    level: 'MUST',
    sentence:
      'The `Tus-Max-Size` response header MUST be a non-negative integer indicating the maximum allowed size of an entire upload in bytes.',
    options: { maxLength: 1000 },
    async run({ announced, send, create }) {
      assert.equal((await announced())['tus-max-size'], '1000')
      await create({ 'upload-length': '1000' })
      expectRefusal(await send('POST /files', { 'upload-length': '1001' }), 413, 'too_large')
    },
  },
  {
    id: 'core-max-size-2',
    level: 'SHOULD',
    sentence: 'The Server SHOULD set this header if there is a known hard limit. (Tus-Max-Size)',
    options: { maxLength: 0 },
    async run({ announced }) {
      assert.equal((await announced())['tus-max-size'], '0')
    },
  },
  {
    id: 'core-override-1',
    level: 'MUST',
    sentence:
      "The `X-HTTP-Method-Override` request header MUST be a string which MUST be interpreted as the request's method by the Server, if the header is presented.",
    choice: 'It stands for any method and is read without regard to case.',
    async run({ create, send, head }) {
      const path = await create()
      const patching = {
        'x-http-method-override': 'PATCH',
        'upload-offset': '0',
        'content-type': 'application/offset+octet-stream',
      }
      expectAnswer(await send(`POST ${path}`, patching, 'hello'), 204, { 'upload-offset': '5' })
      const removing = { 'x-http-method-override': 'delete' }
      expectAnswer(await send(`POST ${path}`, removing), 204)
      expectAnswer(await head(path), 404)
    },
  },
  {
    id: 'core-override-2',
    level: 'MUST',
    sentence: 'The actual method of the request MUST be ignored.',
    choice: 'An override that names no method known here is 405, as the method itself would be.',
    async run({ create, send, expectOffset }) {
      const path = await create()
      const asOptions = { 'x-http-method-override': 'OPTIONS' }
      expectAnswer(await send(`DELETE ${path}`, asOptions), 204, { 'tus-version': '1.0.0' })
      const unknown = { 'x-http-method-override': 'FETCH', 'upload-offset': '0' }
      expectRefusal(await send(`PATCH ${path}`, unknown, 'hello'), 405, 'unsupported_method')
      await expectOffset(path, 0)
    },
  },
  {
    id: 'core-override-3',
    level: 'SHOULD',
    sentence:
      'The Client SHOULD use this header if its environment does not support the PATCH or DELETE methods.',
    run: null,
    reason: 'binds clients',
  },
]
