import { describe, expect, it } from 'vitest'
import { memoryStore } from '@tusker/store-memory'
import type { Locker } from '@tusker/core'
import { createUploadServer, memoryLocker, withCors } from '@tusker/core'

const { maxLength: _ownLimit, ...unlimited } = memoryStore()
const REQUIRED = { path: '/files', store: unlimited }

/** Without types, as in a JavaScript program, whose options no compiler has checked. */
const create = createUploadServer as unknown as (
  options?: unknown,
) => ReturnType<typeof createUploadServer>

async function fieldsOf(options: object, method: string): Promise<Record<string, string>> {
  const server = create({ ...REQUIRED, ...options })
  const { headers } = await server.handle({
    method,
    path: '/files',
    prefix: '',
    headers: new Headers({ 'tus-resumable': '1.0.0', 'upload-length': '5' }),
    body: (async function* () {})(),
    signal: new AbortController().signal,
    context: null,
    remoteAddress: null,
  })
  await server.close()
  return headers
}

describe('createUploadServer checks its options', () => {
  it.each<[string, unknown, string]>([
    ['no options', undefined, 'pass an object of options, not undefined'],
    ['text in place of options', './uploads', 'pass an object of options, not "./uploads"'],
    ['no path', { store: REQUIRED.store }, 'path is missing'],
    ['a path without a slash', { ...REQUIRED, path: 'files' }, 'path must be a path such as'],
    ['no store', { path: '/files' }, 'store is missing, it must be an upload store'],
    ['a store that is text', { path: '/files', store: './x' }, 'not "./x"'],
    ['maxSize', { ...REQUIRED, maxSize: 5 }, 'no option `maxSize`, did you mean `maxLength`?'],
    ['an old hook', { ...REQUIRED, hooks: { oncomplete() {} } }, 'did you mean `onComplete`?'],
    [
      'a hook that is not a function',
      { ...REQUIRED, hooks: { identify: 'me' } },
      'a function, not "me"',
    ],
    [
      'idleTimeout: 0',
      { ...REQUIRED, idleTimeout: 0 },
      'idleTimeout must be milliseconds from 1 on',
    ],
    ['idleTimeout: NaN', { ...REQUIRED, idleTimeout: Number.NaN }, 'not NaN'],
    ['expireAfter: "5"', { ...REQUIRED, expireAfter: '5' }, "such as '90s' or '7d', not \"5\""],
    ['expireAfter: -1', { ...REQUIRED, expireAfter: -1 }, 'expireAfter must be'],
    ['maxLength: "10XB"', { ...REQUIRED, maxLength: '10XB' }, 'such as \'10GiB\', not "10XB"'],
    ['maxLength: 1.5', { ...REQUIRED, maxLength: 1.5 }, 'a whole number of bytes'],
    ['expireFrom', { ...REQUIRED, expireFrom: 'start' }, "'activity' or 'creation'"],
    ['keepParts: "no"', { ...REQUIRED, keepParts: 'no' }, 'true or false, not "no"'],
    ['maxFinalsPerPart: 0', { ...REQUIRED, maxFinalsPerPart: 0 }, 'maxFinalsPerPart must be'],
    ['cors: true', { ...REQUIRED, cors: true }, 'false, or a policy such as'],
    ['a cors policy without origins', { ...REQUIRED, cors: {} }, 'origins is missing'],
    ['an unknown field of cors', { ...REQUIRED, cors: { origin: '*' } }, 'did you mean `origins`?'],
    ['trustProxy: true', { ...REQUIRED, trustProxy: true }, 'trustProxy must be a function'],
    ['protocols: []', { ...REQUIRED, protocols: [] }, 'protocols must be an array of protocols'],
  ])('createUploadServer refuses %s', (_, options, message) => {
    expect(() => create(options)).toThrow(TypeError)
    expect(() => create(options)).toThrow(message)
  })

  it('withCors refuses a policy that is not an object', () => {
    const handler = create(REQUIRED)
    expect(() => withCors(true as never, handler)).toThrow(
      'cors: pass an object of options, not true',
    )
  })

  it('createUploadServer ignores an option that is undefined', () => {
    expect(() => create({ ...REQUIRED, locker: undefined, maxLength: undefined })).not.toThrow()
  })
})

describe('createUploadServer reads sizes and durations', () => {
  it('createUploadServer announces maxLength of text as Tus-Max-Size', async () => {
    const headers = await fieldsOf({ maxLength: '10MB' }, 'OPTIONS')
    expect(headers['tus-max-size']).toBe('10000000')
  })

  it('createUploadServer reads Infinity as no limit and no expiry', async () => {
    const infinity = Number.POSITIVE_INFINITY
    const options = { maxLength: infinity, expireAfter: infinity, keepCompleted: infinity }
    expect(await fieldsOf(options, 'OPTIONS')).not.toHaveProperty('tus-max-size')
    expect(await fieldsOf(options, 'POST')).not.toHaveProperty('upload-expires')
  })

  it('createUploadServer announces expireAfter of text as Upload-Expires', async () => {
    const { 'upload-expires': expires = '' } = await fieldsOf({ expireAfter: '7d' }, 'POST')
    const days = (new Date(expires).getTime() - Date.now()) / 86_400_000
    expect(days).toBeGreaterThan(6.9)
    expect(days).toBeLessThan(7.1)
  })
})

describe('the locker of an upload server', () => {
  /** A locker that adds its name to `used`. */
  function named(name: string, used: string[]): Locker {
    const locker = memoryLocker()
    return {
      withLease(id, request, task) {
        used.push(name)
        return locker.withLease(id, request, task)
      },
    }
  }

  it.each([
    ['the locker of its store, if the application names none', false, 'store'],
    ['the locker that the application names', true, 'application'],
  ])('is %s', async (_title, isNamed, expected) => {
    const used: string[] = []
    const store = { ...memoryStore(), defaultLocker: named('store', used) }
    const locker = isNamed ? { locker: named('application', used) } : {}
    const server = createUploadServer({ path: '/files', store, ...locker })
    await store.create({
      id: 'u1',
      length: 5,
      metadata: '',
      owner: null,
      attributes: {},
      concatenation: null,
      concatenationField: null,
      createdAt: new Date(),
    })
    await server.remove('u1')
    await server.close()
    expect(used).toEqual([expected])
  })
})
