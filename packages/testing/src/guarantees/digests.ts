import type { ChecksumProvider, UploadStore } from '@tusker/core'
import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { expectAnswer, expectRefusal } from '../runner/expect-answer.ts'
import type { Staged } from './guarantee-host.ts'
import { storeBut } from './guarantee-host.ts'

const SHA256: ChecksumProvider = {
  algorithms: ['sha256', 'sha512', 'md5'],
  start: (algorithm) => createHash(algorithm),
}
const DIGESTS = { checksums: SHA256, digest: 'sha256', downloads: true }

const sha256 = (text: string, encoding: 'hex' | 'base64'): string =>
  createHash('sha256').update(text).digest(encoding)

const TEN = { 'upload-length': '10' }
const REPR_DIGEST = `sha-256=:${sha256('helloworld', 'base64')}:`

/** Metadata with a digest that the client announces under this key. */
const announced = (key: string, value: string): { 'upload-metadata': string } => ({
  'upload-metadata': `${key} ${btoa(value)}`,
})

/** A store that counts the bytes that are read back. */
function watched(store: UploadStore): { store: UploadStore; readBack(): number } {
  let count = 0
  async function* read(...range: [string, number, number]): AsyncGenerator<Uint8Array> {
    if (store.read === undefined) throw new Error('the store cannot read')
    for await (const chunk of store.read(...range)) {
      count += chunk.byteLength
      yield chunk
    }
  }
  return { store: storeBut(store, { read }), readBack: () => count }
}

/** The digest of a whole upload is stored, sent and compared. */
export function digests(staged: Staged): void {
  it(
    'the digest of all bytes is passed to `onComplete`, and sent with HEAD and GET afterwards',
    staged(async ({ serve }) => {
      const given: unknown[] = []
      const onComplete = (_upload: unknown, _context: unknown, digest: unknown): void => {
        given.push(digest)
      }
      const talk = serve({ ...DIGESTS, hooks: { onComplete } })
      const path = await talk.create(TEN)
      await talk.patch(path, 0, 'hello')
      expectAnswer(await talk.head(path), 200, { 'repr-digest': null })
      expectAnswer(await talk.patch(path, 5, 'world'), 204)
      expect(given).toEqual([{ algorithm: 'sha256', value: sha256('helloworld', 'base64') }])
      for (const each of [talk, serve(DIGESTS)]) {
        expectAnswer(await each.head(path), 200, { 'repr-digest': REPR_DIGEST })
        expectAnswer(await each.send(`GET ${path}`), 200, { 'repr-digest': REPR_DIGEST })
      }
    }),
  )

  it(
    'no byte is read back when one process receives all appends in order',
    staged(async ({ serve, store }) => {
      const { store: spied, readBack } = watched(store)
      const talk = serve({ ...DIGESTS, store: spied })
      const path = await talk.create(TEN)
      for (const [offset, byte] of [...'helloworld'].entries()) await talk.patch(path, offset, byte)
      expectAnswer(await talk.head(path), 200, { 'repr-digest': REPR_DIGEST })
      expect(readBack()).toBe(0)
    }),
  )

  it(
    'a digest survives a restart in the middle, a cut body and a refused checksum',
    staged(async ({ serve, store }) => {
      const { store: spied, readBack } = watched(store)
      const first = serve({ ...DIGESTS, store: spied })
      const path = await first.create(TEN)
      await first.patch(path, 0, 'hel')
      const second = serve({ ...DIGESTS, store: spied })
      const cut = { 'upload-offset': '3', 'content-length': '7' }
      await second.sendUntil(2, `PATCH ${path}`, cut, 'loworld')
      const wrong = { 'upload-checksum': `md5 ${btoa('0123456789abcdef')}` }
      const refused = await second.send(
        `PATCH ${path}`,
        { 'upload-offset': '5', ...wrong },
        'XXXXX',
      )
      expectRefusal(refused, 460, 'checksum_mismatch')
      expectAnswer(await second.patch(path, 5, 'world'), 204)
      expectAnswer(await second.head(path), 200, { 'repr-digest': REPR_DIGEST })
      expect(readBack()).toBe(10)
    }),
  )

  it(
    'an upload with the right announced digest, in any usual spelling, is accepted',
    staged(async ({ serve }) => {
      const talk = serve(DIGESTS)
      const hex = sha256('helloworld', 'hex')
      for (const fields of [
        announced('sha256', hex),
        announced('SHA-256', hex.toUpperCase()),
        announced('sha-256', sha256('helloworld', 'base64')),
        announced('md5', 'of no interest'),
      ]) {
        const path = await talk.create({ ...TEN, ...fields })
        expectAnswer(await talk.patch(path, 0, 'helloworld'), 204)
      }
    }),
  )

  it(
    'an upload with a wrong announced digest is rejected before `onComplete` runs',
    staged(async ({ serve }) => {
      let calls = 0
      const hooks = { onComplete: () => void (calls += 1) }
      const talk = serve({ ...DIGESTS, hooks })
      for (const value of [sha256('other', 'hex'), 'no digest at all', '']) {
        const path = await talk.create({ ...TEN, ...announced('sha256', value) })
        expectRefusal(await talk.patch(path, 0, 'helloworld'), 422, 'rejected')
        expectRefusal(await serve({ ...DIGESTS, hooks }).patch(path, 10), 422, 'rejected')
      }
      expect(calls).toBe(0)
    }),
  )

  it(
    'a final upload has the digest of its concatenated parts',
    staged(async ({ serve, store }) => {
      if (store.concatenate === undefined) return
      const talk = serve(DIGESTS)
      const partial = { 'upload-concat': 'partial' }
      const parts = [await talk.create(partial), await talk.create(partial)]
      for (const [index, text] of ['hello', 'world'].entries()) {
        await talk.patch(parts[index] ?? '', 0, text)
      }
      const concat = { 'upload-concat': `final;${parts.join(' ')}` }
      const created = await talk.send('POST /files', concat)
      expectAnswer(created, 201, { 'repr-digest': REPR_DIGEST })
    }),
  )

  it(
    'a digest option that the server cannot support is refused at start',
    staged(async ({ serve, store }) => {
      await Promise.resolve()
      expect(() => serve({ checksums: SHA256, digest: 'crc32' })).toThrow('crc32')
      expect(() => serve({ digest: 'sha256' })).toThrow('sha256')
      const blind = { ...SHA256 }
      const unreadable = Object.assign(Object.create(store) as UploadStore, { read: undefined })
      expect(() => serve({ checksums: blind, digest: 'sha256', store: unreadable })).toThrow(
        'store',
      )
    }),
  )
}
