import { describeRedis, startRedis } from '@tusker/store-redis/testing'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { SIGNED_IN, startDemo } from './support/demo-process.ts'
import { beginSlowly } from './support/slow-body.ts'

const COMMON = { ...SIGNED_IN, 'tus-resumable': '1.0.0' }
const LENGTH = 10_000
const EXPIRE_AFTER = '5s'

// A process sweeps when it starts, so the test restarts one repeatedly.
async function expectAliveUploadsStay(settings: Readonly<Record<string, string>>): Promise<void> {
  const one = await startDemo({ EXPIRE_AFTER, ...settings })
  onTestFinished(() => one.dispose())
  const shared = { DATA_DIR: one.dataDirectory, EXPIRE_AFTER, ...settings }
  const other = await startDemo(shared)
  onTestFinished(() => other.dispose())

  const create = async (): Promise<string> => {
    const created = await fetch(`${one.url}/content/@tus-upload`, {
      method: 'POST',
      headers: { ...COMMON, 'upload-length': String(LENGTH), 'upload-metadata': 'filename YQ==' },
    })
    return created.headers.get('location') ?? ''
  }
  const abandoned = await create()
  const alive = await create()
  const body = await beginSlowly(
    one.url + alive,
    {
      ...COMMON,
      'upload-offset': '0',
      'content-length': String(LENGTH),
      'content-type': 'application/offset+octet-stream',
    },
    Buffer.from('x'),
  )
  const statusOf = async (path: string): Promise<number> =>
    (await fetch(one.url + path, { method: 'HEAD', headers: COMMON })).status

  let sent = 1
  const sending = setInterval(() => {
    body.send(Buffer.from('x'))
    sent += 1
  }, 200)
  try {
    // Once more after the time of the one has come, for the other to show that its has not.
    for (let isOver = false; !isOver; ) {
      isOver = (await statusOf(abandoned)) !== 200
      await sleep(1_000)
      await other.end('SIGKILL')
      await other.start()
    }
  } finally {
    clearInterval(sending)
  }
  body.send(Buffer.alloc(LENGTH - sent, 'x'))
  expect(await body.status).toBe(204)
  expect([404, 410]).toContain(await statusOf(abandoned))
}

describe('the sweep of one process removes expired uploads, and keeps those that another process receives,', () => {
  it('over a directory', { timeout: 180_000 }, () => expectAliveUploadsStay({}))
})

describeRedis('the sweep of one process, of uploads in Redis', () => {
  it('removes no upload that another process receives', { timeout: 180_000 }, async () => {
    const redis = await startRedis()
    onTestFinished(() => redis.dispose())
    await expectAliveUploadsStay({ STORE: 'redis', REDIS_URL: redis.url })
  })
})
