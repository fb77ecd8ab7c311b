import assert from 'node:assert/strict'
import { paused, streamed } from '../client/client.ts'
import { joining } from './concatenation.ts'
import type { Conversation } from '../runner/conversation.ts'
import { expectAnswer, expectRefusal } from '../runner/expect-answer.ts'
import { DEFERRED, eventually, pathOf } from '../runner/client-session.ts'

const AT_START = { 'upload-offset': '0' }
const CONTENT = '0123456789'

/** What the text does not mention, about bodies. */
export const edgesOfBodies: readonly Conversation[] = [
  {
    id: 'body-1',
    level: 'ours',
    sentence: 'A body in chunked transfer coding, without Content-Length, is taken in.',
    async run({ create, send, contentOf }) {
      const path = await create({ 'upload-length': '11' })
      const body = streamed(['h', 'ello', ' ', 'world'])
      expectAnswer(await send(`PATCH ${path}`, AT_START, body), 204, { 'upload-offset': '11' })
      assert.equal(await contentOf(path), 'hello world')
    },
  },
  {
    id: 'body-2',
    level: 'ours',
    sentence:
      'A body in chunked transfer coding that is longer than the upload is 413, and the part within the length is kept and completes it.',
    async run({ create, send, expectOffset, contentOf, events }) {
      const path = await create()
      const body = streamed(['hel', 'lo w', 'orld'])
      expectRefusal(await send(`PATCH ${path}`, AT_START, body), 413, 'too_large')
      await expectOffset(path, 5)
      assert.equal(await contentOf(path), 'hello')
      assert.equal(events.filter(({ type }) => type === 'completed').length, 1)
    },
  },
  {
    id: 'body-3',
    level: 'ours',
    sentence: 'A body announced to be longer than the upload is 413, and nothing of it is kept.',
    async run({ create, patch, expectOffset }) {
      const path = await create()
      expectRefusal(await patch(path, 0, 'hello!'), 413, 'too_large')
      await expectOffset(path, 0)
      expectAnswer(await patch(path, 0, 'hello'), 204)
      expectRefusal(await patch(path, 5, '!'), 413, 'too_large')
    },
  },
  {
    id: 'body-4',
    level: 'ours',
    sentence: 'It is answered before its body has been sent, and the client may still be sending.',
    async run({ create, send, expectOffset }) {
      const path = await create()
      const announced = { ...AT_START, 'content-length': '6' }
      expectRefusal(await send(`PATCH ${path}`, announced, paused('h')), 413, 'too_large')
      const elsewhere = { 'upload-offset': '3' }
      expectRefusal(await send(`PATCH ${path}`, elsewhere, paused('h')), 409, 'offset_mismatch')
      await expectOffset(path, 0)
    },
  },
  {
    id: 'body-5',
    level: 'ours',
    sentence: 'Of a body cut off at any byte, exactly what arrived is kept.',
    async run({ create, sendUntil, patch, expectOffset, contentOf }) {
      for (let count = 1; count < CONTENT.length; count += 1) {
        const path = await create({ 'upload-length': String(CONTENT.length) })
        await sendUntil(count, `PATCH ${path}`, AT_START, CONTENT)
        await eventually(() => expectOffset(path, count))
        expectAnswer(await patch(path, count, CONTENT.slice(count)), 204)
        assert.equal(await contentOf(path), CONTENT)
      }
    },
  },
  {
    id: 'body-6',
    level: 'ours',
    sentence: 'A POST that is cut off leaves no upload: its client never learned where it is.',
    async run({ sendUntil, events, head }) {
      // So long that the upload is created before its bytes have arrived.
      const content = 'x'.repeat(100_000)
      const fields = {
        'upload-length': String(content.length),
        'content-type': 'application/offset+octet-stream',
      }
      await sendUntil(4, 'POST /files', fields, content)
      const id = await eventually(() => {
        const event = events.find(({ type }) => type === 'removed')
        if (event?.type !== 'removed') assert.fail('nothing was removed')
        return Promise.resolve(event.id)
      })
      expectAnswer(await head(`/files/${id}`), 404)
    },
  },
  {
    id: 'body-7',
    level: 'ours',
    sentence:
      'An empty PATCH at the right offset is 204 and changes nothing, as often as it comes.',
    async run({ create, patch, upload, expectOffset, events }) {
      const path = await create()
      expectAnswer(await patch(path, 0), 204, { 'upload-offset': '0' })
      expectAnswer(await patch(path, 0, 'hel'), 204)
      expectAnswer(await patch(path, 3), 204, { 'upload-offset': '3' })
      expectAnswer(await patch(path, 3), 204, { 'upload-offset': '3' })
      await expectOffset(path, 3)

      const complete = await upload('hello')
      expectAnswer(await patch(complete, 5), 204, { 'upload-offset': '5' })
      expectAnswer(await patch(complete, 5), 204, { 'upload-offset': '5' })
      assert.equal(events.filter(({ type }) => type === 'completed').length, 1)
    },
  },
  {
    id: 'body-8',
    level: 'ours',
    sentence: 'An upload of length 0 is complete at once, with and without a PATCH.',
    async run({ send, patch, head, contentOf, events }) {
      const answer = await send('POST /files', { 'upload-length': '0' })
      expectAnswer(answer, 201, { 'upload-offset': '0' })
      const path = pathOf(answer)
      expectAnswer(await head(path), 200, { 'upload-offset': '0', 'upload-length': '0' })
      expectAnswer(await patch(path, 0), 204, { 'upload-offset': '0' })
      expectRefusal(await patch(path, 0, 'x'), 413, 'too_large')
      assert.equal(await contentOf(path), '')
      assert.equal(events.filter(({ type }) => type === 'completed').length, 1)
    },
  },
  {
    id: 'body-9',
    level: 'ours',
    sentence: 'An upload of deferred length may turn out to be empty.',
    needs: 'creation-defer-length',
    async run({ create, send, contentOf }) {
      const path = await create(DEFERRED)
      const declaring = { 'upload-offset': '0', 'upload-length': '0' }
      expectAnswer(await send(`PATCH ${path}`, declaring), 204, { 'upload-offset': '0' })
      assert.equal(await contentOf(path), '')
    },
  },
  {
    id: 'body-10',
    level: 'ours',
    sentence: 'The maximum bounds the bytes of an upload whose length is not known yet.',
    needs: 'creation-defer-length',
    options: { maxLength: 5 },
    async run({ create, patch, send, expectOffset }) {
      const path = await create(DEFERRED)
      expectRefusal(await patch(path, 0, 'hello!'), 413, 'too_large')
      const declaring = { 'upload-offset': '0', 'upload-length': '6' }
      expectRefusal(await send(`PATCH ${path}`, declaring), 413, 'too_large')
      await expectOffset(path, 0)
      const body = streamed(['hell', 'o!'])
      expectRefusal(await send(`PATCH ${path}`, AT_START, body), 413, 'too_large')
      await expectOffset(path, 5)
    },
  },
  {
    id: 'body-11',
    level: 'ours',
    sentence:
      'Of two requests that add bytes at one offset, one succeeds and the other is 409 or 423.',
    async run({ create, patch, contentOf }) {
      const path = await create()
      const answers = await Promise.all(
        ['hello', 'HELLO', 'Hello'].map((body) => patch(path, 0, body)),
      )
      const statuses = answers.map(({ status }) => status)
      assert.equal(statuses.filter((status) => status === 204).length, 1, statuses.join(' '))
      const others = statuses.filter((status) => status !== 204)
      assert.ok(
        others.every((status) => status === 409 || status === 423),
        statuses.join(' '),
      )
      assert.equal((await contentOf(path)).toLowerCase(), 'hello')
    },
  },
  {
    id: 'body-12',
    level: 'ours',
    sentence: 'Bytes of every value arrive as they were sent.',
    async run({ create, patch, send }) {
      const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 7) % 256)
      const path = await create({ 'upload-length': String(bytes.byteLength) })
      expectAnswer(await patch(path, 0, bytes), 204)
      const answer = await send(`GET ${path}`)
      assert.ok(Buffer.from(answer.bytes).equals(Buffer.from(bytes)))
    },
  },
  {
    id: 'body-13',
    level: 'ours',
    sentence:
      'A creation in chunked transfer coding that turns out to be empty needs no content type.',
    needs: 'concatenation',
    async run({ send, expectOffset, upload, contentOf }) {
      const answer = await send('POST /files', { 'upload-length': '5' }, streamed([]))
      expectAnswer(answer, 201)
      await expectOffset(pathOf(answer), 0)
      const bytes = await send('POST /files', { 'upload-length': '5' }, streamed(['hello']))
      expectRefusal(bytes, 415, 'unsupported_media_type')
      const part = await upload('hello', { 'upload-concat': 'partial' })
      const final = await send('POST /files', joining(part), streamed([]))
      expectAnswer(final, 201)
      assert.equal(await contentOf(pathOf(final)), 'hello')
    },
  },
  {
    id: 'body-14',
    level: 'ours',
    sentence:
      'A compressed body is 415, and nothing is stored or created; identity is no compression.',
    async run({ create, send, expectOffset, contentOf, events }) {
      const path = await create()
      const gzip = { ...AT_START, 'content-encoding': 'gzip' }
      const refused = await send(`PATCH ${path}`, gzip, 'hello')
      expectRefusal(refused, 415, 'unsupported_media_type')
      expectAnswer(refused, 415, { 'accept-encoding': 'identity' })
      await expectOffset(path, 0)
      const bytes = { 'upload-length': '5', 'content-type': 'application/offset+octet-stream' }
      const creating = await send('POST /files', { ...bytes, 'content-encoding': 'br' }, 'hello')
      expectRefusal(creating, 415, 'unsupported_media_type')
      assert.equal(events.filter(({ type }) => type === 'created').length, 1)
      const plain = { ...AT_START, 'content-encoding': 'identity' }
      expectAnswer(await send(`PATCH ${path}`, plain, 'hello'), 204)
      assert.equal(await contentOf(path), 'hello')
    },
  },
]
