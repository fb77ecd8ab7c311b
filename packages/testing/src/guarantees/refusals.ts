import { UploadError } from '@tusker/core'
import { describe, expect, it } from 'vitest'
import { testHost } from '../client/test-host.ts'
import type { TestHost } from '../client/test-host.ts'
import type { OpenedStore } from '../client/open-store.ts'

/** A store whose content can be compared. */
export interface ComparableStore extends OpenedStore {
  /** All that the store and its locker keep, as a text. Two texts are equal if nothing has changed. */
  snapshot(): Promise<string>
}

const bytes = { 'content-type': 'application/offset+octet-stream' }

type Refused = (host: TestHost, path: string) => Promise<{ readonly status: number }>

const REFUSED: readonly (readonly [title: string, status: number, request: Refused])[] = [
  [
    'A PATCH to an unknown upload',
    404,
    (host) => host.send('PATCH /files/unknown', { ...bytes, 'upload-offset': '0' }, 'a'),
  ],
  ['A HEAD of an unknown upload', 404, (host) => host.send('HEAD /files/unknown')],
  ['A DELETE of an unknown upload', 404, (host) => host.send('DELETE /files/unknown')],
  [
    'A PATCH at a wrong offset',
    409,
    (host, path) => host.send(`PATCH ${path}`, { ...bytes, 'upload-offset': '3' }, 'a'),
  ],
  [
    'A PATCH with more bytes than the upload takes',
    413,
    (host, path) => host.send(`PATCH ${path}`, { ...bytes, 'upload-offset': '0' }, 'a'.repeat(9)),
  ],
  [
    'A PATCH without permission',
    403,
    (host, path) => host.send(`PATCH ${path}`, { ...bytes, 'upload-offset': '0' }, 'a'),
  ],
  ['A DELETE without permission', 403, (host, path) => host.send(`DELETE ${path}`, {})],
  ['A HEAD of an upload that is incomplete', 200, (host, path) => host.send(`HEAD ${path}`)],
]

/** What a request that is refused, or only looks, must not do: change what a store or a locker keeps. */
export function describeRefusals(
  name: string,
  open: () => ComparableStore | Promise<ComparableStore>,
): void {
  describe(`refused requests: ${name}`, () => {
    async function opened(): Promise<{ host: TestHost; store: ComparableStore; refuse(): void }> {
      const store = await open()
      let isRefusing = false
      const authorize = (): void => {
        if (isRefusing) throw new UploadError('forbidden', 'not for you')
      }
      const host = testHost({
        store: store.store,
        ...(store.locker ? { locker: store.locker() } : {}),
        hooks: { authorize },
      })
      return { host, store, refuse: () => (isRefusing = true) }
    }

    it.each(REFUSED)('%s changes nothing that is stored', async (_, status, request) => {
      const { host, store, refuse } = await opened()
      try {
        const created = await host.send('POST /files', { 'upload-length': '5' })
        const path = created.headers['location'] ?? ''
        const before = await store.snapshot()
        if (status === 403) refuse()
        for (let times = 0; times < 3; times += 1) {
          expect((await request(host, path)).status).toBe(status)
        }
        expect(await store.snapshot()).toBe(before)
      } finally {
        await host.server.close()
        await store.dispose?.()
      }
    })

    it('A HEAD of a final upload that waits for its parts changes nothing that is stored', async () => {
      const { host, store } = await opened()
      try {
        const concat = { 'upload-concat': 'partial', 'upload-length': '5' }
        const part = (await host.send('POST /files', concat)).headers['location'] ?? ''
        const final = await host.send('POST /files', { 'upload-concat': `final;${part}` })
        const path = final.headers['location'] ?? ''
        await host.send(`HEAD ${path}`)
        const before = await store.snapshot()
        for (let times = 0; times < 3; times += 1) await host.send(`HEAD ${path}`)
        expect(await store.snapshot()).toBe(before)
      } finally {
        await host.server.close()
        await store.dispose?.()
      }
    })
  })
}
