import { memoryLocker } from '@tusker/core'
import { memoryStore } from '@tusker/store-memory'
import { streamed, testHost } from '@tusker/testing'
import { expect, it } from 'vitest'

const FIELDS = {
  'upload-length': '5',
  'content-length': '5',
  'content-type': 'application/offset+octet-stream',
}

/** A host over a memory store, and the names of the methods that change the store. */
function host() {
  const calls: string[] = []
  const store = memoryStore()
  for (const name of ['create', 'createWhole', 'append', 'appendVerified', 'finish'] as const) {
    const method = store[name] as (...args: unknown[]) => unknown
    Object.assign(store, {
      [name](...args: unknown[]) {
        calls.push(name)
        return method.apply(store, args)
      },
    })
  }
  return { ...testHost({ store }), calls }
}

it('an upload that comes with its creation is created, filled and completed by one call', async () => {
  const { send, calls } = host()
  expect((await send('POST /files', FIELDS, streamed(['he', 'llo']))).status).toBe(201)
  expect(calls).toEqual(['createWhole'])
})

it.each([
  ['is longer than 64 KiB', { 'upload-length': '65537' }, 'x'.repeat(65_537)],
  ['brings a part of its bytes', { 'upload-length': '6' }, 'hello'],
  ['has no bytes', { 'content-length': '0' }, ''],
])('an upload that %s is created before its bytes are read', async (_what, changes, body) => {
  const { send, calls } = host()
  const fields = { ...FIELDS, 'content-length': String(body.length), ...changes }
  expect((await send('POST /files', fields, body)).status).toBe(201)
  expect(calls[0]).toBe('create')
  expect(calls).not.toContain('createWhole')
})

it.each([
  ['come with the creation', true],
  ['come later', false],
])('create learns whether a lease follows: the bytes %s', async (_when, isWithBytes) => {
  const store = memoryStore()
  const { create } = store
  const locker = memoryLocker()
  let given: unknown = null
  const watched: typeof create = (upload, options) => {
    given = options
    return create(upload, options)
  }
  const { send } = testHost({ store: Object.assign(store, { create: watched }), locker })
  const answer = isWithBytes
    ? await send('POST /files', { ...FIELDS, 'upload-length': '6' }, 'hello')
    : await send('POST /files', { 'upload-length': '6' })
  expect(answer.status).toBe(201)
  expect(given).toEqual({ leasedBy: isWithBytes ? locker : null })
})
