import assert from 'node:assert/strict'
import type { Conversation } from '../runner/conversation.ts'
import { expectAnswer, expectRefusal } from '../runner/expect-answer.ts'
import { DEFERRED, pathOf } from '../runner/client-session.ts'
import { joining } from './concatenation.ts'

const LONGEST = String(Number.MAX_SAFE_INTEGER)

/** What the text does not mention, about header fields and methods. */
export const edgesOfFields: readonly Conversation[] = [
  {
    id: 'field-1',
    level: 'ours',
    sentence: 'Lengths are exact up to 2^53 - 1, and beyond that refused.',
    needs: 'creation-defer-length',
    async run({ create, send, head }) {
      const path = await create({ 'upload-length': LONGEST })
      expectAnswer(await head(path), 200, { 'upload-length': LONGEST })
      const later = await create(DEFERRED)
      const declaring = { 'upload-offset': '0', 'upload-length': LONGEST }
      expectAnswer(await send(`PATCH ${later}`, declaring, 'hello'), 204, { 'upload-offset': '5' })
      expectAnswer(await head(later), 200, { 'upload-length': LONGEST })
      for (const length of ['9007199254740992', '18446744073709551616', '1'.repeat(400)]) {
        expectRefusal(
          await send('POST /files', { 'upload-length': length }),
          400,
          'malformed_request',
        )
      }
    },
  },
  {
    id: 'field-2',
    level: 'ours',
    sentence:
      'A field that is sent twice is refused where it must have one value, also when both are the same.',
    async run({ create, send, expectOffset }) {
      const path = await create()
      for (const values of [
        ['0', '0'],
        ['0', '1'],
        ['1', '0'],
      ]) {
        const answer = await send(`PATCH ${path}`, { 'upload-offset': values }, 'hello')
        expectRefusal(answer, 400, 'malformed_request')
        const creating = await send('POST /files', { 'upload-length': values })
        expectRefusal(creating, 400, 'malformed_request')
      }
      const versions = { 'upload-offset': '0', 'tus-resumable': ['1.0.0', '1.0.0'] }
      expectRefusal(await send(`PATCH ${path}`, versions, 'hello'), 412, 'unsupported_version')
      await expectOffset(path, 0)
    },
  },
  {
    id: 'field-3',
    level: 'ours',
    sentence: 'Several lines of Upload-Metadata are one list.',
    async run({ create, head, send }) {
      const path = await create({ 'upload-metadata': ['name aGVsbG8=', 'type dGV4dA=='] })
      expectAnswer(await head(path), 200, { 'upload-metadata': 'name aGVsbG8=, type dGV4dA==' })
      const twice = { 'upload-length': '5', 'upload-metadata': ['name eA==', 'name eA=='] }
      expectRefusal(await send('POST /files', twice), 400, 'malformed_request')
      const empty = await create({ 'upload-metadata': ['', 'name aGVsbG8='] })
      expectAnswer(await head(empty), 200, { 'upload-metadata': /^(?:, )?name aGVsbG8=$/ })
    },
  },
  {
    id: 'field-4',
    level: 'ours',
    sentence: 'Field names are read without regard to case.',
    async run({ send, contentOf }) {
      const creating = { 'UPLOAD-LENGTH': '5', 'TUS-RESUMABLE': '1.0.0' }
      const answer = await send('POST /files', creating)
      expectAnswer(answer, 201)
      const path = answer.headers['location'] ?? ''
      const adding = { 'uPLOAD-oFFSET': '0', 'CONTENT-TYPE': 'application/offset+octet-stream' }
      expectAnswer(await send(`PATCH ${path}`, adding, 'hello'), 204)
      assert.equal(await contentOf(path), 'hello')
    },
  },
  {
    id: 'field-5',
    level: 'ours',
    sentence:
      'Upload-Metadata of 8 KiB, and keys and values of any bytes, come back byte for byte.',
    async run({ create, head }) {
      const value = Buffer.alloc(6_000, 'x').toString('base64')
      for (const field of [
        `long ${value},short eA==`,
        'name /////w==',
        'k\u00e9y /w==',
        '\u00ff\u00fe\u0080 AA==',
        'a,b,c,d ,e',
        '__proto__ eA==,constructor eA==,hasOwnProperty',
      ]) {
        const path = await create({ 'upload-metadata': field })
        expectAnswer(await head(path), 200, { 'upload-metadata': field })
      }
    },
  },
  {
    id: 'field-6',
    level: 'ours',
    sentence:
      'An error response is JSON with a stable code when the client accepts JSON, otherwise text.',
    async run({ send, head }) {
      const as = (accept: string | null) => send('POST /files', { accept })
      for (const accept of [null, '*/*', 'application/json', 'text/html, application/json;q=0.5']) {
        const answer = await as(accept)
        expectAnswer(answer, 400, { 'content-type': 'application/json' })
        assert.deepEqual(JSON.parse(answer.text), {
          error: {
            type: 'MalformedRequest',
            code: 'malformed_request',
            message: 'upload-length is missing',
          },
        })
      }
      const text = await as('text/plain')
      expectAnswer(text, 400, { 'content-type': /^text\/plain/ })
      assert.equal(text.text, 'malformed_request: upload-length is missing\n')
      assert.equal((await head('/files/unknown')).text, '')
    },
  },
  {
    id: 'field-7',
    level: 'ours',
    sentence: 'A method that is not possible on a URL is 405 and says which ones are.',
    async run({ create, send }) {
      const path = await create()
      for (const method of ['PUT', 'POST', 'TRACE', 'PROPFIND']) {
        const allow = 'HEAD, PATCH, DELETE, OPTIONS'
        expectAnswer(await send(`${method} ${path}`), 405, { allow })
      }
      for (const method of ['PUT', 'GET', 'PROPFIND']) {
        expectAnswer(await send(`${method} /files`), 405, { allow: 'POST, OPTIONS' })
      }
    },
  },
  {
    id: 'field-8',
    level: 'ours',
    sentence: 'Unknown fields, and a query after the path, change nothing.',
    async run({ create, send, contentOf }) {
      const path = await create({ 'x-unknown': '1', 'upload-unknown': '1', 'upload-offset': '7' })
      const fields = {
        'upload-offset': '0',
        'upload-draft-interop-version': '6',
        range: 'bytes=0-1',
      }
      expectAnswer(await send(`PATCH ${path}?part=1#x`, fields, 'hello'), 204)
      assert.equal(await contentOf(path), 'hello')
    },
  },
  {
    id: 'field-9',
    level: 'ours',
    sentence: 'An upload serves a hundred requests one after the other.',
    async run({ create, patch, contentOf }) {
      const path = await create({ 'upload-length': '100' })
      for (let offset = 0; offset < 100; offset += 1) {
        const answer = await patch(path, offset, String(offset % 10))
        expectAnswer(answer, 204, { 'upload-offset': String(offset + 1) })
      }
      assert.equal(await contentOf(path), '0123456789'.repeat(10))
    },
  },
  {
    id: 'field-10',
    level: 'ours',
    sentence: 'Key and value of Upload-Metadata are separated by exactly one space.',
    async run({ send }) {
      const creating = { 'upload-length': '5', 'upload-metadata': 'key  dmFsdWU=' }
      expectRefusal(await send('POST /files', creating), 400, 'malformed_request')
    },
  },
  {
    id: 'field-11',
    level: 'ours',
    sentence: 'The URL of an upload may end in a slash.',
    needs: 'concatenation',
    async run({ create, head, patch, send, contentOf }) {
      const part = await create({ 'upload-concat': 'partial' })
      expectAnswer(await patch(`${part}/`, 0, 'hello'), 204)
      expectAnswer(await head(`${part}/`), 200, { 'upload-offset': '5' })
      const answer = await send('POST /files', joining(`${part}/`))
      expectAnswer(answer, 201)
      assert.equal(await contentOf(`${pathOf(answer)}/`), 'hello')
      expectAnswer(await send(`DELETE ${pathOf(answer)}/`), 204)
    },
  },
  {
    id: 'field-12',
    level: 'ours',
    sentence:
      'HEAD without a field of a protocol describes the download of a complete upload as GET does.',
    async run({ upload, create, send }) {
      const type = { 'upload-metadata': 'filename YS50eHQ=,filetype dGV4dC9wbGFpbg==' }
      const path = await upload('hello', type)
      const bare = { 'tus-resumable': null }
      const got = await send(`GET ${path}`, bare)
      const head = await send(`HEAD ${path}`, bare)
      expectAnswer(head, 200, { 'content-length': '5', 'tus-resumable': null })
      assert.equal(head.bytes.byteLength, 0)
      for (const name of ['content-type', 'content-disposition', 'etag', 'accept-ranges']) {
        assert.ok(got.headers[name] !== undefined, name)
        assert.equal(head.headers[name], got.headers[name], name)
      }
      const known = { ...bare, 'if-none-match': got.headers['etag'] ?? '' }
      expectAnswer(await send(`HEAD ${path}`, known), 304)
      expectAnswer(await send(`HEAD ${path}`), 200, { 'upload-offset': '5', etag: null })
      const unfinished = await send(`HEAD ${await create()}`, bare)
      expectAnswer(unfinished, unfinished.status, { 'content-disposition': null, etag: null })
    },
  },
]
