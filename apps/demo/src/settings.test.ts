import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readSettings } from './settings.ts'

describe('readSettings', () => {
  it('returns defaults for an empty environment', () => {
    expect(readSettings({})).toEqual({
      port: 1080,
      host: '127.0.0.1',
      framework: 'node',
      store: 'fs',
      locker: 'file',
      redisUrl: 'redis://127.0.0.1:6379',
      s3: null,
      workers: 1,
      dataDirectory: resolve('data'),
      pageDirectory: resolve(import.meta.dirname, '../dist/page'),
      uploadDirectory: resolve('data/uploads'),
      publicUrl: undefined,
      allowedHosts: [],
      corsOrigins: undefined,
      corsHeaders: [],
      maxLength: undefined,
      expireAfter: 3_600_000,
      usersFile: undefined,
      logLevel: 'info',
    })
  })

  it.each([
    ['PORT', '0', { port: 0 }],
    ['FRAMEWORK', 'hono', { framework: 'hono' }],
    ['STORE', 'memory', { store: 'memory', locker: 'memory' }],
    ['STORE', 'redis', { store: 'redis', locker: 'redis' }],
    ['LOCKER', 'redis', { store: 'fs', locker: 'redis' }],
    ['REDIS_URL', 'rediss://cache.example:6380', { redisUrl: 'rediss://cache.example:6380' }],
    ['WORKERS', '4', { workers: 4 }],
    ['TUS_TMP_FILE_DIR', '/srv/tmp', { uploadDirectory: '/srv/tmp' }],
    ['PUBLIC_URL', 'https://files.example/app', { publicUrl: 'https://files.example/app' }],
    ['CORS_ORIGIN', '*', { corsOrigins: '*' }],
    [
      'CORS_ORIGIN',
      'http://a.test, http://b.test',
      { corsOrigins: ['http://a.test', 'http://b.test'] },
    ],
    ['MAX_SIZE', '1000', { maxLength: 1_000 }],
    ['MAX_SIZE', '10GiB', { maxLength: 10 * 2 ** 30 }],
    ['EXPIRE_AFTER', '90s', { expireAfter: 90_000 }],
    ['EXPIRE_AFTER', '1500', { expireAfter: 1_500 }],
    ['MAX_SIZE', '', { maxLength: undefined }],
  ])('reads %s=%s', (name, value, expected) => {
    expect(readSettings({ [name]: value })).toMatchObject(expected)
  })

  it.each([
    ['PORT', '80x'],
    ['PORT', '70000'],
    ['PUBLIC_URL', 'files.example'],
    ['PUBLIC_URL', 'ftp://files.example'],
    ['MAX_SIZE', '10 apples'],
    ['MAX_SIZE', '-1'],
    ['EXPIRE_AFTER', 'soon'],
    ['EXPIRE_AFTER', '0'],
    ['LOG_LEVEL', 'loud'],
    ['FRAMEWORK', 'none'],
    ['STORE', 'ftp'],
    ['S3_PREFIX', 'uploads'],
    ['S3_ENDPOINT', 'storage.example'],
    ['S3_PART_SIZE', 'large'],
    ['LOCKER', 'none'],
    ['REDIS_URL', 'http://cache.example'],
    ['WORKERS', '0'],
    ['WORKERS', 'many'],
  ])('rejects %s=%s and names the variable', (name, value) => {
    expect(() => readSettings({ [name]: value })).toThrow(`${name}: `)
  })

  it.each([
    [{ WORKERS: '2', STORE: 'memory' }, 'STORE: '],
    [{ WORKERS: '2', LOCKER: 'memory' }, 'LOCKER: '],
    [{ STORE: 'redis', LOCKER: 'file' }, 'LOCKER: '],
    [{ STORE: 's3' }, 'S3_BUCKET: '],
    [{ LOCKER: 's3' }, 'LOCKER: '],
    [{ STORE: 's3', S3_BUCKET: 'b', LOCKER: 'redis' }, 'LOCKER: '],
  ])('rejects %o, a combination that cannot work', (environment, problem) => {
    expect(() => readSettings(environment)).toThrow(problem)
  })

  it('reads the settings of the bucket', () => {
    const environment = {
      STORE: 's3',
      S3_BUCKET: 'b',
      S3_ENDPOINT: 'http://localhost:9000',
      S3_FORCE_PATH_STYLE: 'false',
      S3_PART_SIZE: '16MiB',
      AWS_REGION: 'eu-central-1',
    }
    expect(readSettings(environment)).toMatchObject({
      locker: 's3',
      s3: {
        bucket: 'b',
        prefix: 'uploads/',
        endpoint: 'http://localhost:9000',
        region: 'eu-central-1',
        forcePathStyle: false,
        partSize: 16 * 2 ** 20,
      },
    })
  })

  it.each<[Record<string, string>, readonly string[] | null]>([
    [{ HOST: '127.0.0.1' }, []],
    [{ HOST: '0.0.0.0' }, null],
    [{ HOST: '0.0.0.0', ALLOWED_HOSTS: 'a.example, b.example' }, ['a.example', 'b.example']],
    [{ HOST: '::', PUBLIC_URL: 'https://files.example:8443/app' }, ['files.example']],
    [{ PUBLIC_URL: 'http://[::1]:80/', ALLOWED_HOSTS: 'a.example' }, ['a.example']],
  ])('of %j allow the hosts %j', (environment, expected) => {
    expect(readSettings(environment).allowedHosts).toEqual(expected)
  })

  it('names every problem in one error', () => {
    expect(() => readSettings({ PORT: 'x', MAX_SIZE: 'y' })).toThrow(/PORT: .*\nMAX_SIZE: /)
  })
})
