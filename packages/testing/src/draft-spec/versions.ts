import { paused } from '../client/client.ts'
import { expectAnswer } from '../runner/expect-answer.ts'
import { pathOf } from '../runner/client-session.ts'
import type { DraftRule } from './describe-draft.ts'
import { expectProblem, startDraftSession } from './draft-session.ts'

/** What clients of older drafts need. */
export const versions: readonly DraftRule[] = [
  {
    id: 'draft-version-3',
    dependsOnHost: true,
    level: 'ours',
    sentence: 'Interop version 3 says `Upload-Incomplete`, and appends content of any type.',
    async run(talk) {
      const { send } = startDraftSession(talk, 3)
      const created = await send('POST /files', { 'upload-incomplete': '?1' }, 'hello')
      expectAnswer(created, 201, { 'upload-incomplete': '?1', 'upload-offset': '5' })
      const path = pathOf(created)
      expectAnswer(await send(`HEAD ${path}`), 204, {
        'upload-incomplete': '?1',
        'upload-complete': null,
        'upload-limit': null,
        'upload-offset': '5',
      })
      const more = { 'upload-offset': '5', 'upload-incomplete': '?1', 'content-type': null }
      expectAnswer(await send(`PATCH ${path}`, more, ' wor'), 201, { 'upload-incomplete': '?1' })
      // Absent, the field says that the content is the last.
      const last = { 'upload-offset': '9', 'content-type': null }
      expectAnswer(await send(`PATCH ${path}`, last, 'ld'), 201, { 'upload-incomplete': '?0' })
      expectAnswer(await send(`HEAD ${path}`), 204, { 'upload-incomplete': '?0' })
    },
  },
  {
    id: 'draft-version-4',
    level: 'ours',
    sentence: 'Interop versions 4 and 5 append content of any type, and answer 201 to it.',
    async run(talk) {
      for (const version of [4, 5]) {
        const { create, append, complete } = startDraftSession(talk, version)
        const path = await create()
        const any = { 'content-type': null }
        const expected = { 'upload-complete': '?0', 'upload-limit': null }
        expectAnswer(await append(path, 0, 'hello', any), 201, expected)
        const last = { 'content-type': null, 'upload-complete': null }
        expectAnswer(await complete(path, 5, 'world', last), 201, { 'upload-complete': '?1' })
      }
    },
  },
  {
    id: 'draft-version-6',
    level: 'ours',
    sentence: 'Interop version 6 says `expires` where later ones say `max-age`.',
    options: { maxLength: 100, expireAfter: 60_000 },
    async run(talk) {
      const { create, append, head } = startDraftSession(talk, 6)
      const path = await create()
      expectAnswer(await head(path), 204, { 'upload-limit': /^max-size=100, expires=\d+$/ })
      const wrong = { 'content-type': 'text/plain' }
      expectAnswer(await append(path, 0, 'hello', wrong), 415)
      expectAnswer(await append(path, 0, 'hello'), 201, { 'upload-complete': '?0' })
    },
  },
  {
    id: 'draft-version-7',
    level: 'ours',
    sentence: 'Interop version 7 answers 204 to an append, as version 8 does.',
    async run(talk) {
      const { create, append, head } = startDraftSession(talk, 7)
      const path = await create()
      expectAnswer(await append(path, 0, 'hello'), 204, { 'upload-complete': '?0' })
      expectAnswer(await head(path), 204, { 'upload-offset': '5' })
    },
  },
  {
    id: 'draft-version-old-look',
    level: 'ours',
    sentence:
      'Versions up to 6 refuse HEAD and DELETE with a field of the state of the upload, and later ones ignore it.',
    async run(talk) {
      for (const version of [3, 4, 5, 6, 7, 8]) {
        const isOld = version <= 6
        const complete = version === 3 ? 'upload-incomplete' : 'upload-complete'
        const { create, head, send } = startDraftSession(talk, version)
        for (const [field, value] of [
          ['upload-offset', '0'],
          [complete, '?1'],
        ] as const) {
          const path = await create({
            'upload-complete': null,
            [complete]: version === 3 ? '?1' : '?0',
          })
          expectAnswer(await head(path, { [field]: value }), isOld ? 400 : 204)
          const removal = await send(`DELETE ${path}`, { [field]: value })
          if (isOld) expectProblem(removal, 400, 'malformed_request')
          else expectAnswer(removal, 204)
        }
      }
    },
  },
  {
    id: 'draft-version-6-look',
    level: 'ours',
    sentence: 'Interop version 6 refuses HEAD with `Upload-Length` as well, but not DELETE.',
    async run(talk) {
      const length = { 'upload-length': '10' }
      for (const version of [5, 6, 7]) {
        const { create, head, send } = startDraftSession(talk, version)
        const path = await create()
        expectAnswer(await head(path, length), version === 6 ? 400 : 204)
        expectAnswer(await send(`DELETE ${path}`, length), 204)
      }
    },
  },
  {
    id: 'draft-version-apple',
    dependsOnHost: true,
    level: 'ours',
    sentence:
      'URLSession of iOS 26 (version 8) sends the whole upload with its length, asks for the offset, and appends the rest.',
    needs: 'interim',
    options: { idleTimeout: 150 },
    async run({ send, head, complete }) {
      const fields = {
        'upload-complete': '?1',
        'upload-length': '10',
        'content-length': '10',
        'content-type': 'application/octet-stream',
      }
      const { interim } = await send('POST /files', fields, paused('hell'))
      const path = interim[0]?.headers['location'] ?? ''
      const looked = await head(path)
      expectAnswer(looked, 204, { 'upload-complete': '?0', 'upload-length': '10' })
      const offset = Number(looked.headers['upload-offset'])
      const rest = 'helloworld'.slice(offset)
      expectAnswer(await complete(path, offset, rest, { 'upload-length': '10' }), 201, {
        'upload-complete': '?1',
      })
    },
  },
]
