import assert from 'node:assert/strict'
import { paused } from '../client/client.ts'
import { expectAnswer } from '../runner/expect-answer.ts'
import { eventually, pause, pathOf } from '../runner/client-session.ts'
import type { DraftRule } from './describe-draft.ts'
import { startDraftSession } from './draft-session.ts'

/** Section 5, 104 (Upload Resumption Supported), and Draft Version Identification. */
export const interim: readonly DraftRule[] = [
  {
    id: 'draft-104-1',
    dependsOnHost: true,
    level: 'MUST',
    sentence:
      'When sent, it MUST include `Location` header field pointing to the upload resource and MUST include the `Upload-Limit` header field with the corresponding limits if existing.',
    needs: 'interim',
    options: { maxLength: 100 },
    async run({ send }) {
      const answer = await send('POST /files', { 'upload-complete': '?1' }, 'hello')
      expectAnswer(answer, 201)
      const [first] = answer.interim
      assert.equal(first?.status, 104)
      assert.equal(first.headers['upload-limit'], 'max-size=100')
      assert.equal(first.headers['location'], answer.headers['location'])
    },
  },
  {
    id: 'draft-104-2',
    dependsOnHost: true,
    level: 'MUST NOT',
    sentence:
      'Server implementations of draft versions of the protocol MUST NOT send a `104 (Upload Resumption Supported)` informational response when the interop version indicated by the `Upload-Draft-Interop-Version` header field in the request is missing or mismatching.',
    choice: 'Such a client is served by the newest version, without 104.',
    async run({ send }) {
      for (const version of [null, '2', '9', '8.0', '"8"', '']) {
        const fields = { 'upload-complete': '?0', 'upload-draft-interop-version': version }
        const answer = await send('POST /files', fields, 'hello')
        expectAnswer(answer, 201, { location: /./ })
        assert.deepEqual(answer.interim, [])
      }
    },
  },
  {
    id: 'draft-104-3',
    dependsOnHost: true,
    level: 'MUST',
    sentence:
      'Server implementations of draft versions of the protocol MUST also send a header field `Upload-Draft-Interop-Version` with the interop version as its value to the `104 (Upload Resumption Supported)` informational response.',
    needs: 'interim',
    async run(talk) {
      for (const version of [3, 4, 5, 6, 7, 8]) {
        const { send } = startDraftSession(talk, version)
        const fields = version === 3 ? { 'upload-incomplete': '?1' } : { 'upload-complete': '?0' }
        const { interim: heard } = await send('POST /files', fields, 'hello')
        const [first] = heard
        assert.equal(first?.headers['upload-draft-interop-version'], String(version))
      }
    },
  },
  {
    id: 'draft-104-4',
    dependsOnHost: true,
    level: 'SHOULD',
    sentence:
      'While the request content is being processed, the server SHOULD send interim responses with a `104 (Upload Resumption Supported)` status code and the `Upload-Offset` header field set to the current offset to inform the client about the upload progress.',
    choice: 'At most one a second, each with an offset that survives a crash of the server.',
    needs: 'interim',
    async run({ create, append, expectOffset }) {
      const path = await create()
      const body = paused('hello')
      const running = append(path, 0, body)
      await eventually(() => expectOffset(path, 5))
      await pause(1_050)
      body.resume('world')
      const { interim: heard } = await running
      assert.ok(heard.length > 0)
      for (const { status, headers } of heard) {
        assert.equal(status, 104)
        assert.match(headers['upload-offset'] ?? '', /^(5|10)$/)
      }
    },
  },
  {
    id: 'draft-104-5',
    dependsOnHost: true,
    level: 'MUST NOT',
    sentence: 'These interim responses MUST NOT include the `Location` header field.',
    needs: 'interim',
    async run({ create, append, expectOffset }) {
      const path = await create()
      const body = paused('hello')
      const running = append(path, 0, body)
      await eventually(() => expectOffset(path, 5))
      await pause(1_050)
      body.resume('world')
      for (const { headers } of (await running).interim)
        assert.equal(headers['location'], undefined)
    },
  },
  {
    id: 'draft-104-6',
    dependsOnHost: true,
    level: 'MUST',
    sentence:
      'Where a response requires a `Location` header field to be included, all interim and final response messages for the same request MUST contain an identical `Location` value.',
    needs: 'interim',
    async run({ send, events }) {
      const body = paused('hello')
      const running = send('POST /files', { 'upload-complete': '?0' }, body)
      await eventually(async () => {
        assert.ok(events.some(({ type }) => type === 'created'))
      })
      await pause(1_050)
      body.resume('world')
      const answer = await running
      for (const { headers } of answer.interim) {
        assert.equal(headers['location'], answer.headers['location'])
      }
      assert.ok(answer.interim.length > 0 && pathOf(answer) !== '')
    },
  },
  {
    id: 'draft-104-8',
    level: 'MAY',
    sentence:
      'While the request content is being processed, the server MAY send multiple interim responses with a `104 (Upload Resumption Supported)` status code and the `Upload-Offset` header field set to the current offset to inform the client about the upload progress.',
    choice: 'A creation reports its progress as an append does.',
    needs: 'interim',
    async run({ send, events }) {
      const body = paused('hello')
      const running = send('POST /files', { 'upload-complete': '?1' }, body)
      await eventually(async () => {
        assert.ok(events.some(({ type }) => type === 'created'))
      })
      await pause(1_050)
      body.resume('world')
      const [, second] = (await running).interim
      assert.match(second?.headers['upload-offset'] ?? '', /^(5|10)$/)
    },
  },
  {
    id: 'draft-104-7',
    level: 'MUST NOT',
    sentence:
      'However, the server MUST NOT omit the `100 (Continue)` response because it has sent an interim response with the `104 (Upload Resumption Supported)` status code.',
    run: null,
    reason: 'the host sends `100 (Continue)`, and the tests of each adapter show it',
  },
]
