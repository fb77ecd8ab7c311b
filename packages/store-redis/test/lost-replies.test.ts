import { describeStore } from '@tusker/testing'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { redisRecords } from '../src/records/redis-records.ts'
import { redisStore } from '../src/store/redis-store.ts'
import { COMMIT, FINISH, WRITE } from '../src/store/scripts.ts'
import type { Meddle } from './support/meddling-client.ts'
import { meddling } from './support/meddling-client.ts'
import type { OpenedRedisStore } from './support/open-store.ts'
import { connectTo, openStore } from './support/open-store.ts'
import { describeRedis } from './support/redis-binary.ts'
import type { RedisServer } from './support/redis-server.ts'
import { startRedis } from './support/redis-server.ts'
import { ALONE, expectNumbered, numberedFrom, pieces, textOf, uploadOf } from './support/uploads.ts'

describeRedis('changes whose reply was lost', () => {
  let server: RedisServer
  beforeAll(async () => void (server = await startRedis()))
  afterAll(() => server?.dispose())

  async function openMeddled(meddle: Meddle): Promise<OpenedRedisStore> {
    const opened = await openStore(() => connectTo(server))
    const { prefix } = opened
    const reopen = () => redisStore({ client: meddling(opened.client, meddle), prefix })
    return { ...opened, reopen, store: reopen() }
  }

  /** Every so many commands Redis does one, and the connection is lost before it tells. */
  function losing(every: number): Meddle {
    let count = 0
    return async (_args, send) => {
      const reply = await send()
      count += 1
      if (count % every === 0) throw new Error('Socket closed unexpectedly')
      return reply
    }
  }

  /** Changes come again after the command that follows them, as over a connection given up for another. */
  function echoing(): Meddle {
    let echo: (() => Promise<unknown>) | null = null
    const changes = [WRITE.sha, COMMIT.sha, FINISH.sha]
    return async (args, send) => {
      const again = echo
      echo = changes.includes(String(args[1])) ? send : null
      const reply = await send()
      await again?.()
      return reply
    }
  }

  describeStore('redis with lost replies', () => openMeddled(losing(97)))
  describeStore('redis with repeated commands', () => openMeddled(echoing()))

  let opened: OpenedRedisStore
  beforeEach(async () => {
    let isFirst = true
    // Every single one.
    opened = await openMeddled(async (_args, send) => {
      const reply = await send()
      isFirst = !isFirst
      if (!isFirst) throw new Error('Socket closed unexpectedly')
      return reply
    })
    return () => opened.dispose()
  })

  it('an append whose reply was lost is not done twice', async () => {
    const { store } = opened
    expect(await store.create(uploadOf('u1'))).toBe(true)
    expect(await store.create(uploadOf('u1'))).toBe(false)
    expect(await store.append('u1', 0, pieces('he', 'llo'), ALONE)).toBe(5)
    const right = (): Promise<boolean> => Promise.resolve(true)
    expect(
      await store.appendVerified('u1', 5, pieces('wor', 'ld'), { ...ALONE, verify: right }),
    ).toBe(10)
    await store.declareLength('u1', 10, null)
    await store.finish('u1', { kind: 'accepted', location: null, response: null }, null)
    expect(await textOf(store, 'u1')).toBe('helloworld')
    await store.create(uploadOf('whole'))
    expect(await store.concatenate('whole', ['u1', 'u1'], null)).toBe(20)
    expect(await textOf(store, 'whole')).toBe('helloworldhelloworld')
    await store.remove('u1', null)
    expect(await store.find('u1')).toBeNull()
  })

  it('an append over many pieces whose reply was lost is not done twice', async () => {
    const { store } = opened
    await store.create(uploadOf('u1'))
    await store.append('u1', 0, numberedFrom(0, 50, 60_001), ALONE)
    expect(await expectNumbered(store, 'u1')).toBe(50 * 60_001)
  })

  it('a change of a record whose reply was lost is not done twice', async () => {
    const { client, prefix } = opened
    let isFirst = true
    const records = redisRecords({
      prefix,
      client: meddling(client, async (_args, send) => {
        const reply = await send()
        isFirst = !isFirst
        if (!isFirst) throw new Error('Socket closed unexpectedly')
        return reply
      }),
    })
    expect(await records.create(uploadOf('u1'))).toBe(true)
    expect(await records.create(uploadOf('u1'))).toBe(false)
    await records.change('u1', 3, { offset: 7 })
    expect(await records.find('u1')).toMatchObject({ token: 3, upload: { offset: 7 } })
    await records.remove('u1', 3)
    expect(await records.find('u1')).toBeNull()
  })
})
