import assert from 'node:assert/strict'
import { UploadError } from '@tusker/core'
import type { Conversation } from '../runner/conversation.ts'
import { expectAnswer, expectRefusal } from '../runner/expect-answer.ts'
import type { ClientSession } from '../runner/client-session.ts'

/** Every field must be refused. */
async function refused({ send }: ClientSession, ...fields: string[]): Promise<void> {
  for (const field of fields) {
    const answer = await send('POST /files', { 'upload-length': '5', 'upload-metadata': field })
    expectRefusal(answer, 400, 'malformed_request')
  }
}

/** Every field must be accepted, and come back as it was sent. */
async function echoed({ create, head }: ClientSession, ...fields: string[]): Promise<void> {
  for (const field of fields) {
    const path = await create({ 'upload-metadata': field })
    expectAnswer(await head(path), 200, { 'upload-metadata': field })
  }
}

/** tus 1.0, Creation: Upload-Metadata. */
export const creationMetadata: readonly Conversation[] = [
  {
    id: 'creation-metadata-1',
    level: 'MUST',
    sentence:
      'The `Upload-Metadata` request and response header MUST consist of one or more comma-separated key-value pairs.',
    choice:
      'An empty field, and an empty element of the list, are ignored (RFC 9110): clients and proxies send them.',
    async run(talk) {
      await echoed(
        talk,
        'name aGVsbG8=',
        'name aGVsbG8=,type dGV4dA==',
        'name aGVsbG8=, type dGV4dA==',
        'name aGVsbG8=,,type dGV4dA==,',
      )
      await refused(talk, 'name aGVsbG8=;type dGV4dA==')
      const path = await talk.create({ 'upload-metadata': '' })
      expectAnswer(await talk.head(path), 200, { 'upload-metadata': null })
    },
  },
  {
    id: 'creation-metadata-2',
    level: 'MUST',
    sentence: 'The key and value MUST be separated by a space.',
    choice: 'By exactly one: two spaces, a tab, a colon or an equals sign are 400.',
    async run(talk) {
      await echoed(talk, 'name aGVsbG8=')
      await refused(talk, 'name  aGVsbG8=', 'name\taGVsbG8=', 'name aGVs bG8=')
    },
  },
  {
    id: 'creation-metadata-3',
    level: 'MUST NOT',
    sentence: 'The key MUST NOT contain spaces and commas and MUST NOT be empty.',
    choice: 'A space within a key cannot be distinguished from the space after the key.',
    async run(talk) {
      await refused(talk, 'file name aGVsbG8=', 'a b c')
    },
  },
  {
    id: 'creation-metadata-4',
    level: 'MUST',
    sentence: 'The key SHOULD be ASCII encoded and the value MUST be Base64 encoded.',
    choice:
      'Keys of other bytes are kept as they are. Base64 without its padding is accepted, since it says the same.',
    async run(talk) {
      await echoed(
        talk,
        'n\u00e4me aGVsbG8=',
        'name aGVsbG8',
        '__proto__ aGVsbG8=,constructor eA==',
      )
      await refused(talk, 'name hello!', 'name aGVsbG8==', 'name a', 'name aGVs-_8=', 'name =')
    },
  },
  {
    id: 'creation-metadata-5',
    level: 'MUST',
    sentence: 'All keys MUST be unique.',
    choice: 'Keys differ by case.',
    async run(talk) {
      await refused(talk, 'name aGVsbG8=,name dGV4dA==', 'name aGVsbG8=,name aGVsbG8=', 'a,b,a')
      await echoed(talk, 'name aGVsbG8=,Name dGV4dA==')
    },
  },
  {
    id: 'creation-metadata-6',
    level: 'MAY',
    sentence: 'The value MAY be empty.',
    async run(talk) {
      await echoed(talk, 'is_confidential', 'name aGVsbG8=,is_confidential', 'a,b,c eA==')
    },
  },
  {
    id: 'creation-metadata-7',
    level: 'MAY',
    sentence:
      'In these cases, the space, which would normally separate the key and the value, MAY be left out.',
    async run(talk) {
      await echoed(talk, 'empty,name aGVsbG8=', 'empty ,name aGVsbG8=')
    },
  },
  {
    id: 'creation-metadata-8',
    level: 'SHOULD',
    sentence:
      'Since metadata can contain arbitrary binary values, Servers SHOULD carefully validate metadata values or sanitize them before using them as header values to avoid header smuggling.',
    choice:
      'Of the metadata only a file name and a media type reach other fields, on downloads: the name encoded (RFC 8187), the type only if it is one.',
    async run({ upload, send }) {
      const encoded = (text: string): string => Buffer.from(text).toString('base64')
      const name = encoded('a"\r\nset-cookie: x=1\r\n\0\u4e16.txt')
      const type = encoded('text/html\r\nset-cookie: x=1')
      const path = await upload('hello', { 'upload-metadata': `filename ${name},filetype ${type}` })
      const answer = await send(`GET ${path}`)
      expectAnswer(answer, 200, { 'set-cookie': null, 'content-disposition': /^[\x20-\x7e]+$/ })
      assert.doesNotMatch(JSON.stringify(answer.headers), /\\r|\\n|\\u0000/)
    },
  },
  {
    id: 'creation-metadata-9',
    level: 'MAY',
    sentence:
      'The Client MAY supply the `Upload-Metadata` header to add additional metadata to the upload creation request.',
    async run(talk) {
      const path = await talk.create()
      expectAnswer(await talk.head(path), 200, { 'upload-metadata': null })
      await echoed(talk, 'name aGVsbG8=')
    },
  },
  {
    id: 'creation-metadata-10',
    level: 'MAY',
    sentence:
      'The Server MAY decide to ignore or use this information to further process the request or to reject it.',
    options: {
      hooks: {
        beforeCreate({ parsedMetadata }) {
          if (parsedMetadata.has('virus')) throw new UploadError('rejected', 'no, thank you')
        },
      },
    },
    choice: 'Up to the hooks and the metadata schema of the application.',
    async run({ send, create }) {
      await create({ 'upload-metadata': 'name eA==' })
      const fields = { 'upload-length': '5', 'upload-metadata': 'virus eA==' }
      expectRefusal(await send('POST /files', fields), 422, 'rejected')
    },
  },
  {
    id: 'creation-metadata-11',
    level: 'MUST',
    sentence:
      'If an upload contains additional metadata, responses to `HEAD` requests MUST include the `Upload-Metadata` header and its value as specified by the Client during the creation.',
    choice: 'Byte for byte: in the order and the spelling it came in.',
    async run({ create, head, patch }) {
      const field = 'z eg==,filename d29ybGRfZG9taW5hdGlvbl9wbGFuLnBkZg==,is_confidential, a //79'
      const path = await create({ 'upload-metadata': field })
      expectAnswer(await head(path), 200, { 'upload-metadata': field })
      expectAnswer(await patch(path, 0, 'hello'), 204)
      expectAnswer(await head(path), 200, { 'upload-metadata': field })
    },
  },
]
