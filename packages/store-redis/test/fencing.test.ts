import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest'
import type { RedisStore } from '../src/store/redis-store.ts'
import { random, rounds } from '../../testing/test/support/test-rounds.ts'
import { redisStore } from '../src/store/redis-store.ts'
import { CLAIM, COMMIT, WRITE } from '../src/store/scripts.ts'
import { gate, meddling } from './support/meddling-client.ts'
import type { OpenedRedisStore } from './support/open-store.ts'
import { connectTo, openStore } from './support/open-store.ts'
import { programPath } from './support/programs.ts'
import { describeRedis } from './support/redis-binary.ts'
import type { RedisServer } from './support/redis-server.ts'
import { startRedis } from './support/redis-server.ts'
import { ALONE, expectNumbered, numberedFrom, pieces, textOf, uploadOf } from './support/uploads.ts'

describeRedis('a stale holder over Redis', () => {
  let server: RedisServer
  let opened: OpenedRedisStore
  let store: RedisStore
  beforeAll(async () => void (server = await startRedis()))
  afterAll(() => server?.dispose())
  beforeEach(async () => {
    opened = await openStore(() => connectTo(server))
    store = opened.store
    await store.create(uploadOf('u1'))
    return () => opened.dispose()
  })

  /** The same store, whose scripts of a kind wait on their way until they are let go. */
  function heldUp(sha: string) {
    const [going, waiting] = [gate(), gate()]
    const client = meddling(opened.client, async (args, send) => {
      if (args[1] === sha) {
        waiting.open()
        await going.opened
      }
      return send()
    })
    const held = redisStore({ client, prefix: opened.prefix })
    return { held, waiting: waiting.opened, letGo: going.open }
  }

  it.each([
    [7, 8],
    [null, null],
  ])('by token %s, then %s: its batch in flight changes nothing', async (before, after) => {
    await store.append('u1', 0, pieces('hello'), { token: before })
    const { held, waiting, letGo } = heldUp(WRITE.sha)
    const late = held.append('u1', 5, pieces('LATE'), { token: before })
    const refused = expect(late).rejects.toMatchObject({ code: 'interrupted' })
    await waiting
    await store.append('u1', 5, pieces(), { token: after })
    letGo()
    await refused
    expect(await textOf(store, 'u1')).toBe('hello')
    expect(await store.append('u1', 5, pieces('world'), { token: after })).toBe(10)
    expect(await textOf(store, 'u1')).toBe('helloworld')
  })

  it('a batch in flight of a stale holder changes nothing, even before the next holder appends', async () => {
    const { held, waiting, letGo } = heldUp(WRITE.sha)
    const late = held.append('u1', 0, pieces('LATE'), { token: 7 })
    const refused = expect(late).rejects.toMatchObject({ code: 'interrupted' })
    await waiting
    await store.declareLength('u1', 10, 8)
    letGo()
    await refused
    expect(await textOf(store, 'u1')).toBe('')
  })

  it('a stale holder writes no bytes where the next holder stages its own', async () => {
    const { held, waiting, letGo } = heldUp(WRITE.sha)
    const right = (): Promise<boolean> => Promise.resolve(true)
    const late = held.appendVerified('u1', 0, pieces('LATE'), { ...ALONE, verify: right })
    const refused = expect(late).rejects.toMatchObject({ code: 'interrupted' })
    await waiting
    const verify = async (): Promise<boolean> => {
      letGo()
      await refused
      return true
    }
    expect(await store.appendVerified('u1', 0, pieces('good'), { ...ALONE, verify })).toBe(4)
    expect(await textOf(store, 'u1')).toBe('good')
  })

  it('a stale holder cannot commit bytes that the next holder has overwritten', async () => {
    const { held, waiting, letGo } = heldUp(COMMIT.sha)
    const right = (): Promise<boolean> => Promise.resolve(true)
    const late = held.appendVerified('u1', 0, pieces('LATE'), { token: 7, verify: right })
    const refused = expect(late).rejects.toMatchObject({ code: 'interrupted' })
    await waiting
    expect(await store.append('u1', 0, pieces('go'), { token: 8 })).toBe(2)
    letGo()
    await refused
    expect(await textOf(store, 'u1')).toBe('go')
  })

  it('a stale holder cannot start an append', async () => {
    const { held, waiting, letGo } = heldUp(CLAIM.sha)
    const late = held.append('u1', 0, pieces('LATE'), { token: 7 })
    const refused = expect(late).rejects.toMatchObject({ code: 'interrupted' })
    await waiting
    await store.declareLength('u1', 10, 8)
    letGo()
    await refused
    expect(await textOf(store, 'u1')).toBe('')
  })

  it('a stale holder does not write into a later upload with the same id', async () => {
    const { held, waiting, letGo } = heldUp(WRITE.sha)
    const late = held.append('u1', 0, pieces('LATE'), { token: 7 })
    const refused = expect(late).rejects.toMatchObject({ code: 'not_found' })
    await waiting
    await store.remove('u1', 8)
    await store.create(uploadOf('u1'))
    letGo()
    await refused
    expect(await textOf(store, 'u1')).toBe('')
  })

  function startChild(): ChildProcess {
    const child = fork(programPath('appending-child'), [server.url, opened.prefix, '7'])
    onTestFinished(() => void child.kill('SIGKILL'))
    return child
  }

  it('a killed writer loses no byte that it reported', { timeout: 60_000 }, async () => {
    let reported = 0
    for (let round = 0; round < 1 + rounds; round += 1) {
      const child = startChild()
      child.on('message', ({ offset }: { offset: number }) => (reported = offset))
      await once(child, 'message')
      await sleep(random() * 300)
      child.kill('SIGKILL')
      await once(child, 'exit')
      expect(await expectNumbered(store, 'u1')).toBeGreaterThanOrEqual(reported)
    }
    expect(reported).toBeGreaterThan(0)
  })

  it('a process that was stopped and resumes later changes nothing', {
    timeout: 60_000,
  }, async () => {
    const child = startChild()
    await once(child, 'message')
    child.kill('SIGSTOP')
    // From here on nothing of it counts that is still on its way.
    await store.declareLength('u1', 2 ** 40, 8)
    const { offset = 0 } = (await store.find('u1')) ?? {}
    await store.append('u1', offset, numberedFrom(offset, 10, 1_000), { token: 8 })
    const taken = await expectNumbered(store, 'u1')

    const reported: unknown[] = []
    child.on('message', (message) => reported.push(message))
    child.kill('SIGCONT')
    await once(child, 'exit')
    expect(reported.at(-1)).toEqual({ code: 'interrupted' })
    expect(await expectNumbered(store, 'u1')).toBe(taken)
  })

  it('of forty appends at the same offset exactly one wins', async () => {
    const others = [store, ...(await stores(7))]
    const appends = Array.from({ length: 40 }, (_, index) =>
      others[index % others.length]!.append('u1', 0, pieces(`${index}`.padEnd(10)), ALONE),
    )
    const results = await Promise.allSettled(appends)
    const winners = results.flatMap(({ status }, index) => (status === 'fulfilled' ? [index] : []))
    expect(winners).toHaveLength(1)
    expect(await textOf(store, 'u1')).toBe(`${winners[0]}`.padEnd(10))
  })

  it('of two hundred claims in any order the highest token wins', async () => {
    const others = [store, ...(await stores(7))]
    const tokens = Array.from({ length: 200 }, (_, index) => ((index * 37) % 200) + 1)
    await Promise.allSettled(
      tokens.map(async (token, index) => {
        const other = others[index % others.length]!
        const { offset = 0 } = (await other.find('u1')) ?? {}
        await other.append('u1', offset, numberedFrom(offset, 1, 1_000), { token })
      }),
    )
    expect((await expectNumbered(store, 'u1')) % 1_000).toBe(0)
    await expect(store.append('u1', 0, pieces('x'), { token: 199 })).rejects.toMatchObject({
      code: 'interrupted',
    })
  })

  it('a holder is stale also when the next holder found the upload at another offset', async () => {
    await store.append('u1', 0, numberedFrom(0, 1, 1_000), { token: 1 })
    await expect(store.append('u1', 0, pieces('x'), { token: 3 })).rejects.toMatchObject({
      code: 'offset_mismatch',
      actualOffset: 1_000,
    })
    await expect(
      store.append('u1', 1_000, numberedFrom(1_000, 1, 1_000), { token: 2 }),
    ).rejects.toMatchObject({ code: 'interrupted' })
    await store.append('u1', 1_000, numberedFrom(1_000, 1, 1_000), { token: 3 })
    expect(await expectNumbered(store, 'u1')).toBe(2_000)
  })

  async function stores(count: number): Promise<RedisStore[]> {
    return Promise.all(
      Array.from({ length: count }, async () => {
        const { client, close } = await connectTo(server)
        onTestFinished(close)
        return redisStore({ client, prefix: opened.prefix })
      }),
    )
  }
})
