import { describeRedis, startRedis } from '@tusker/store-redis/testing'
import type { RedisServer } from '@tusker/store-redis/testing'
import { CREDENTIALS, fakeS3, serveFake } from '@tusker/store-s3/testing'
import type { ServedFake } from '@tusker/store-s3/testing'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import { isLong } from '../../../packages/testing/test/support/test-rounds.ts'
import { describeProcesses } from './support/describe-processes.ts'
import type { Demo } from './support/demo-process.ts'
import { startDemo } from './support/demo-process.ts'

type Settings = Readonly<Record<string, string>>

/** Starts `count` demos over one directory, and stops them after the tests. */
function demosOver(count: number, settings: () => Settings): () => readonly Demo[] {
  let directory: string
  let demos: readonly Demo[] = []
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tusker-shared-'))
    const shared = {
      DATA_DIR: directory,
      TUS_TMP_FILE_DIR: join(directory, 'tmp'),
      LOG_LEVEL: 'debug',
      ...settings(),
    }
    demos = await Promise.all(Array.from({ length: count }, () => startDemo(shared)))
  }, 60_000)
  afterAll(async () => {
    await Promise.all(demos.map((demo) => demo.dispose()))
    await rm(directory, { recursive: true, force: true })
  })
  return () => demos
}

describe('two processes over one directory', () => {
  describeProcesses(demosOver(2, () => ({})))
})

describe.runIf(isLong)('four processes over one directory', () => {
  describeProcesses(demosOver(4, () => ({})))
})

describeRedis('several processes and one Redis', () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis?.dispose())
  const over = (settings: Settings) => (): Settings => ({ REDIS_URL: redis.url, ...settings })

  describe.runIf(isLong)('two, uploads in Redis', () => {
    describeProcesses(demosOver(2, over({ STORE: 'redis' })))
  })

  describe('four, uploads in Redis', () => {
    describeProcesses(demosOver(4, over({ STORE: 'redis' })))
  })

  describe('two, bytes in a directory, records and leases in Redis', () => {
    describeProcesses(demosOver(2, over({ LOCKER: 'redis' })))
  })
})

describe('several processes and one bucket', () => {
  let storage: ServedFake
  beforeAll(async () => {
    storage = await serveFake(fakeS3())
  })
  afterAll(() => storage?.close())

  describeProcesses(
    demosOver(2, () => ({
      STORE: 's3',
      S3_BUCKET: 'bucket',
      S3_ENDPOINT: storage.endpoint,
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    })),
  )
})
