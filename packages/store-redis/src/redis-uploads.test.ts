import { createUploadServer } from '@tusker/core'
import { fsStore } from '@tusker/store-fs'
import { expect, it } from 'vitest'
import type { LockerClient } from './index.ts'
import { redisEvents, redisLocker, redisRecords, redisStore, redisUploads } from './index.ts'

/** A client that sends nothing. */
const client = {
  on() {},
  sendCommand: () => Promise.reject(new Error('there is no Redis')),
  duplicate: () => {
    throw new Error('there is no Redis')
  },
} as unknown as LockerClient

const FUNCTIONS = { redisUploads, redisStore, redisLocker, redisRecords, redisEvents }

it.each(Object.entries(FUNCTIONS))(
  '%s refuses a missing client, unknown options and a prefix that is no text',
  (name, make) => {
    const given = (options: unknown) => () => make(options as { client: LockerClient })
    expect(given(undefined)).toThrow(`${name}: pass an object`)
    expect(given({})).toThrow(`${name}: client is missing`)
    expect(given({ client, prefx: 'a:' })).toThrow('did you mean `prefix`?')
    expect(given({ client, prefix: 5 })).toThrow(`${name}: prefix must be text`)
  },
)

it.each([0, 99, Number.NaN, 2 ** 31, '50ms', 'soon'])(
  'redisUploads and redisLocker refuse a lease time of %s',
  (leaseTtl) => {
    expect(() => redisUploads({ client, leaseTtl })).toThrow('leaseTtl must be milliseconds')
    expect(() => redisLocker({ client, leaseTtl })).toThrow('leaseTtl must be milliseconds')
  },
)

it('redisUploads takes sizes and durations as text', () => {
  const options = { ttl: '7d', expireEndedAfter: '12h', commandTimeout: '2s', leaseTtl: '10s' }
  expect(redisUploads({ client, maxLength: '10MiB', ...options }).store.maxLength).toBe(
    10 * 2 ** 20,
  )
  expect(() => redisUploads({ client, maxLength: 'much' })).toThrow('maxLength must be')
})

it('an upload server accepts the store and the locker of one redisUploads', async () => {
  const uploads = createUploadServer({
    path: '/files',
    ...redisUploads({ client, prefix: 'photos:' }),
  })
  await uploads.close()
})

it.each([
  ['of a Redis store', redisStore({ client, prefix: 'a:' })],
  [
    'of the records of a directory',
    fsStore({ directory: './uploads', records: redisRecords({ client, prefix: 'a:' }) }),
  ],
])('an upload server refuses a Redis locker with another prefix than that %s', (_, store) => {
  const locker = redisLocker({ client, prefix: 'b:' })
  expect(() => createUploadServer({ path: '/files', store, locker })).toThrow('locker: its prefix')
})
