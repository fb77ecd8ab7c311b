import type { Conversation } from '../runner/conversation.ts'
import { expectAnswer } from '../runner/expect-answer.ts'
import { DEFERRED } from '../runner/client-session.ts'

/** tus 1.0, Core Protocol: HEAD. */
export const coreHead: readonly Conversation[] = [
  {
    id: 'core-head-1',
    level: 'MUST',
    sentence:
      'The Server MUST always include the `Upload-Offset` header in the response for a `HEAD` request, even if the offset is `0`, or the upload is already considered completed.',
    async run({ create, patch, expectOffset }) {
      const path = await create()
      await expectOffset(path, 0)
      expectAnswer(await patch(path, 0, 'hel'), 204)
      await expectOffset(path, 3)
      expectAnswer(await patch(path, 3, 'lo'), 204)
      await expectOffset(path, 5)
    },
  },
  {
    id: 'core-head-2',
    level: 'MUST',
    sentence:
      'If the size of the upload is known, the Server MUST include the `Upload-Length` header in the response.',
    async run({ create, head, upload }) {
      expectAnswer(await head(await create()), 200, { 'upload-length': '5' })
      expectAnswer(await head(await upload('hello')), 200, { 'upload-length': '5' })
    },
  },
  {
    id: 'core-head-3',
    level: 'SHOULD',
    sentence:
      'If the resource is not found, the Server SHOULD return either the `404 Not Found`, `410 Gone` or `403 Forbidden` status without the `Upload-Offset` header.',
    choice:
      'Unknown or removed: 404. Left unfinished for too long: 410 until it is swept, then 404. Of another owner: 403. On the URL of creation: 404.',
    async run({ head }) {
      for (const path of ['/files/unknown', '/files', '/files/', '/files/a/b', '/files/%2e%2e']) {
        expectAnswer(await head(path), 404, { 'upload-offset': null, 'upload-length': null })
      }
    },
  },
  {
    id: 'core-head-4',
    level: 'MUST',
    sentence:
      'The Server MUST prevent the client and/or proxies from caching the response by adding the `Cache-Control: no-store` header to the response.',
    choice: 'So are all refusals.',
    async run({ create, head, upload, patch }) {
      const expected = { 'cache-control': 'no-store' }
      expectAnswer(await head(await create()), 200, expected)
      expectAnswer(await head(await upload('hello')), 200, expected)
      expectAnswer(await head('/files/unknown'), 404, expected)
      expectAnswer(await patch('/files/unknown', 0, 'x'), 404, expected)
    },
  },
  {
    id: 'core-head-5',
    level: 'states',
    sentence:
      'A `HEAD` request is used to determine the offset at which the upload should be continued.',
    needs: 'creation-defer-length',
    choice: 'HEAD takes no lease. During an append it reports the committed offset.',
    async run({ create, patch, expectOffset }) {
      const path = await create(DEFERRED)
      expectAnswer(await patch(path, 0, 'hello'), 204)
      await expectOffset(path, 5)
      expectAnswer(await patch(path, 5, ' world'), 204)
      await expectOffset(path, 11)
    },
  },
]
