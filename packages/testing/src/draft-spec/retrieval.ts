import { expectAnswer } from '../runner/expect-answer.ts'
import { pathOf } from '../runner/client-session.ts'
import type { DraftRule } from './describe-draft.ts'
import type { DraftSession } from './draft-session.ts'
import { expectProblem } from './draft-session.ts'

/** Section 4.3, Offset Retrieval. */
export const retrieval: readonly DraftRule[] = [
  {
    id: 'draft-look-1',
    dependsOnHost: true,
    level: 'MUST',
    sentence: 'MUST include the offset in the `Upload-Offset` header field.',
    async run({ create, append, complete, expectOffset, head }) {
      const path = await create()
      await expectOffset(path, 0)
      await append(path, 0, 'hello')
      await expectOffset(path, 5)
      await complete(path, 5, 'world')
      expectAnswer(await head(path), 204, { 'upload-offset': '10' })
    },
  },
  {
    id: 'draft-look-2',
    level: 'MUST',
    sentence:
      'MUST include the `Upload-Complete` header field indicating whether a final response was produced from processing the uploaded representation.',
    async run({ create, complete, head }) {
      const path = await create()
      expectAnswer(await head(path), 204, { 'upload-complete': '?0' })
      await complete(path, 0, 'helloworld')
      expectAnswer(await head(path), 204, { 'upload-complete': '?1' })
    },
  },
  {
    id: 'draft-look-3',
    level: 'MUST',
    sentence:
      'MUST include the length in the `Upload-Length` header field, unless the client has not supplied one.',
    async run({ create, append, head }) {
      expectAnswer(await head(await create()), 204, { 'upload-length': '10' })
      const path = await create({ 'upload-length': null })
      expectAnswer(await head(path), 204, { 'upload-length': null })
      await append(path, 0, 'hello', { 'upload-length': '7' })
      expectAnswer(await head(path), 204, { 'upload-length': '7' })
    },
  },
  {
    id: 'draft-look-4',
    level: 'MUST',
    sentence: 'MUST indicate the limits in the `Upload-Limit` header field.',
    options: { maxLength: 100 },
    async run({ create, head }) {
      expectAnswer(await head(await create()), 204, { 'upload-limit': 'max-size=100' })
    },
  },
  {
    id: 'draft-look-5',
    dependsOnHost: true,
    level: 'SHOULD',
    sentence:
      'SHOULD include the `Cache-Control` header field with the value `no-store` to prevent HTTP caching.',
    choice:
      'A complete upload that can be downloaded is the exception: caches ask before each use.',
    async run({ create, head, send }) {
      const path = await create()
      expectAnswer(await head(path), 204, { 'cache-control': 'no-store' })
      expectAnswer(await send(`GET ${path}`), 204, { 'cache-control': 'no-store' })
      expectAnswer(await head('/files/unknown'), 404, { 'cache-control': 'no-store' })
    },
  },
  {
    id: 'draft-look-6',
    level: 'SHOULD NOT',
    sentence:
      'The resource SHOULD NOT generate a response with the `301 (Moved Permanently)` and `302 (Found)` status codes because clients might follow the redirect without preserving the `HEAD` method.',
    async run({ create, head, remove }) {
      const path = await create()
      expectAnswer(await head(path), 204)
      expectAnswer(await remove(path), 204)
    },
  },
  {
    id: 'draft-look-7',
    dependsOnHost: true,
    level: 'states',
    sentence:
      'It can fetch the offset by sending a `HEAD` or `GET` request to the upload resource.',
    choice: 'Where downloads are on, GET of a complete upload has its bytes as well.',
    async run({ create, send, complete }) {
      const path = await create()
      const expected = { 'upload-offset': '0', 'upload-complete': '?0', 'upload-length': '10' }
      expectAnswer(await send(`GET ${path}`), 204, { ...expected, 'upload-limit': /=/ })
      await complete(path, 0, 'helloworld')
      expectAnswer(await send(`GET ${path}`), 200, {
        'upload-offset': '10',
        'upload-complete': '?1',
      })
    },
  },
  {
    id: 'draft-look-8',
    level: 'ours',
    sentence: 'A look needs no field of the draft, since clients of the final text will send none.',
    async run({ create, send }) {
      const path = await create()
      const bare = { 'upload-draft-interop-version': null }
      expectAnswer(await send(`HEAD ${path}`, bare), 204, { 'upload-offset': '0' })
      expectAnswer(await send(`DELETE ${path}`, bare), 204)
    },
  },
  {
    id: 'draft-look-9',
    level: 'ours',
    sentence: 'What is no upload is 404 for every request.',
    async run({ send, head, append, complete }) {
      for (const path of ['/files/unknown', '/files/a/b'])
        await expectNoUpload({ send, head, append, complete }, path)
      const answer = await send('POST /files', { 'upload-complete': '?1' }, 'x')
      expectProblem(
        await send(`POST ${pathOf(answer)}`, { 'upload-complete': '?1' }, 'x'),
        405,
        'unsupported_method',
      )
    },
  },
  {
    id: 'draft-look-10',
    dependsOnHost: true,
    level: 'ours',
    sentence: 'A path whose last segment decodes to `..` is 404 for every request.',
    run: (talk) => expectNoUpload(talk, '/files/%2e%2e'),
  },
  {
    id: 'draft-look-11',
    level: 'ours',
    sentence:
      'HEAD with a field of the draft asks for the state of a complete upload, HEAD without one also for its download.',
    async run({ create, complete, send }) {
      const path = await create()
      await complete(path, 0, 'helloworld')
      const state = { 'upload-offset': '10', 'upload-complete': '?1' }
      expectAnswer(await send(`HEAD ${path}`), 204, { ...state, etag: null })
      const bare = { 'upload-draft-interop-version': null }
      const described = { ...state, 'content-length': '10', etag: /^"/ }
      expectAnswer(await send(`HEAD ${path}`, bare), 200, described)
    },
  },
  {
    id: 'draft-look-12',
    level: 'ours',
    sentence: 'GET of an upload whose bytes the application has put elsewhere: its state, or 410.',
    options: { hooks: { onComplete: () => ({ keepBytes: false }) } },
    async run({ create, complete, send }) {
      const path = await create()
      await complete(path, 0, 'helloworld')
      const state = { 'upload-offset': '10', 'upload-complete': '?1' }
      expectAnswer(await send(`GET ${path}`), 204, state)
      expectProblem(
        await send(`GET ${path}`, { 'upload-draft-interop-version': null }),
        410,
        'bytes_removed',
      )
    },
  },
]

async function expectNoUpload(
  { send, head, append, complete }: Pick<DraftSession, 'send' | 'head' | 'append' | 'complete'>,
  path: string,
): Promise<void> {
  expectAnswer(await head(path), 404, { 'upload-offset': null })
  expectProblem(await append(path, 0, 'x'), 404, 'not_found')
  expectProblem(await complete(path, 0, 'x'), 404, 'not_found')
  expectProblem(await send(`DELETE ${path}`), 404, 'not_found')
}
