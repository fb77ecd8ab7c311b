import assert from 'node:assert/strict'
import { streamed } from '../client/client.ts'
import { checksumOf } from '../client/node-digests.ts'
import type { Conversation } from '../runner/conversation.ts'
import { expectAnswer, expectRefusal } from '../runner/expect-answer.ts'
import { eventually, extensionsOf } from '../runner/client-session.ts'

const needs = 'checksum-trailer'
const AT_START = { 'upload-offset': '0' }
const UNANNOUNCED = { ...AT_START, trailer: null }
const CHUNKED = { ...AT_START, 'content-length': null, 'transfer-encoding': 'chunked' }

/** tus 1.0, Checksum: a checksum that comes after the bytes. */
export const checksumTrailer: readonly Conversation[] = [
  {
    id: 'trailer-1',
    level: 'MAY',
    sentence:
      'If the hash cannot be calculated at the beginning of the upload, it MAY be included as a trailer.',
    needs,
    async run({ create, send, expectOffset, contentOf }) {
      const path = await create()
      const wrong = streamed(['hel', 'lo'], { 'upload-checksum': checksumOf('other') })
      expectRefusal(await send(`PATCH ${path}`, AT_START, wrong), 460, 'checksum_mismatch')
      await expectOffset(path, 0)
      const right = streamed(['hel', 'lo'], { 'upload-checksum': checksumOf('hello') })
      expectAnswer(await send(`PATCH ${path}`, AT_START, right), 204, { 'upload-offset': '5' })
      assert.equal(await contentOf(path), 'hello')
    },
  },
  {
    id: 'trailer-2',
    level: 'MUST',
    sentence:
      'If the Server can handle trailers, this behavior MUST be announced by adding `checksum-trailer` to the `Tus-Extension` header.',
    choice:
      'Some hosts hide trailers. There it is not announced, and a request that announces its checksum in a trailer is 400.',
    async run(talk) {
      const announced = (await extensionsOf(talk)).includes(needs)
      const path = await talk.create()
      const body = streamed(['hello'], { 'upload-checksum': checksumOf('hello') })
      const answer = await talk.send(`PATCH ${path}`, AT_START, body)
      expectAnswer(answer, announced ? 204 : 400)
      await talk.expectOffset(path, announced ? 5 : 0)
    },
  },
  {
    id: 'trailer-3',
    level: 'MUST',
    sentence:
      'Following RFC 7230 they MUST be announced using the `Trailer` header and are only allowed in chunked transfers.',
    needs,
    choice:
      'One that was announced and does not come is a mismatch (460). A malformed one is 400, as is an algorithm that is not offered. None of these bytes count.',
    async run({ create, send, expectOffset }) {
      const path = await create()
      const announcing = { ...AT_START, trailer: 'Upload-Checksum' }
      expectRefusal(
        await send(`PATCH ${path}`, announcing, streamed(['hello'])),
        460,
        'checksum_mismatch',
      )
      const malformed = streamed(['hello'], { 'upload-checksum': 'sha1' })
      expectRefusal(await send(`PATCH ${path}`, AT_START, malformed), 400, 'malformed_request')
      const unknown = streamed(['hello'], { 'upload-checksum': 'rot13 aGVsbG8=' })
      expectRefusal(await send(`PATCH ${path}`, AT_START, unknown), 400, 'unsupported_checksum')
      await expectOffset(path, 0)
    },
  },
  {
    id: 'trailer-5',
    level: 'ours',
    sentence:
      'A checksum that comes unannounced after a chunked body counts, if the store can take bytes back.',
    needs,
    async run({ create, send, expectOffset }) {
      const path = await create()
      for (const [checksum, status] of [
        [checksumOf('other'), 460],
        ['sha1', 400],
        ['rot13 aGVsbG8=', 400],
      ] as const) {
        const wrong = streamed(['hel', 'lo'], { 'upload-checksum': checksum })
        const answer = await send(`PATCH ${path}`, UNANNOUNCED, wrong)
        assert.equal(answer.status, status, checksum)
        await expectOffset(path, 0)
      }
      const right = streamed(['hel', 'lo'], { 'upload-checksum': checksumOf('hello') })
      expectAnswer(await send(`PATCH ${path}`, UNANNOUNCED, right), 204, { 'upload-offset': '5' })
    },
  },
  {
    id: 'trailer-4',
    level: 'ours',
    sentence:
      'A chunked body that is cut off counts as far as it arrived, unless a checksum was announced.',
    needs,
    async run({ create, patch, sendUntil, expectOffset }) {
      const path = await create()
      await sendUntil(3, `PATCH ${path}`, CHUNKED, 'hello')
      await eventually(() => expectOffset(path, 3))
      const other = await create()
      const announcing = { ...CHUNKED, trailer: 'Upload-Checksum' }
      await sendUntil(3, `PATCH ${other}`, announcing, 'hello')
      await eventually(async () => {
        expectAnswer(await patch(other, 0, 'hello'), 204, { 'upload-offset': '5' })
      })
    },
  },
]
