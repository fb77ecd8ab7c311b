import type { UploadEvent } from '@tusker/core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { RedisEvents, SharedEvent } from '../src/events/redis-events.ts'
import { redisEvents } from '../src/events/redis-events.ts'
import { redisMessages } from '../src/events/redis-messages.ts'
import type { OpenedClient } from './support/open-store.ts'
import { connectCluster, connectPool, connectTo } from './support/open-store.ts'
import { describeRedis } from './support/redis-binary.ts'
import type { RedisClusterServers } from './support/redis-groups.ts'
import { startCluster } from './support/redis-groups.ts'
import type { RedisServer } from './support/redis-server.ts'
import { startRedis } from './support/redis-server.ts'
import { uploadOf } from './support/uploads.ts'

const created: UploadEvent = {
  type: 'created',
  upload: { ...uploadOf('u1'), offset: 0, updatedAt: new Date(), outcome: null },
}

describeRedis('redisEvents', () => {
  let server: RedisServer
  let servers: RedisClusterServers
  beforeAll(async () => {
    ;[server, servers] = await Promise.all([startRedis(), startCluster()])
  }, 60_000)
  afterAll(() => Promise.all([server?.dispose(), servers?.dispose()]))

  describe('over one connection', () => describeEvents(() => connectTo(server)))
  describe('over a pool', () => describeEvents(() => connectPool(server)))
  describe('over a cluster', () => describeEvents(() => connectCluster(servers)))

  it('redisMessages passes each message to each process, and events are not among them', async () => {
    const [one, two] = await Promise.all([connectTo(server), connectTo(server)])
    const [first, second] = [one, two].map(({ client }) => redisMessages({ client }))
    const heard: string[][] = [[], []]
    await first!.listen((message) => heard[0]?.push(message))
    await second!.listen((message) => heard[1]?.push(message))
    redisEvents({ client: one.client }).publish(created)
    first!.send('a')
    second!.send('b')
    await expect
      .poll(() => heard.map((all) => all.toSorted()))
      .toEqual([
        ['a', 'b'],
        ['a', 'b'],
      ])
    for (const messages of [first, second]) messages!.close()
    for (const { close } of [one, two]) close()
  })

  it('redisEvents receives events again after its connection was cut', async () => {
    const { client, close } = await connectTo(server)
    const events = redisEvents({ client, prefix: 'cut:' })
    const heard: SharedEvent[] = []
    await events.listen((event) => heard.push(event))
    await server.command('CLIENT', 'KILL', 'TYPE', 'pubsub')
    await expect
      .poll(() => {
        events.publish(created)
        return heard.length
      })
      .toBeGreaterThan(0)
    events.close()
    close()
  })
})

function describeEvents(connect: () => Promise<OpenedClient>): void {
  const opened: (() => void)[] = []
  afterEach(() => opened.splice(0).forEach((close) => close()))

  /** The events as a process of its own would have them. */
  async function open(): Promise<RedisEvents> {
    const { client, close } = await connect()
    const events = redisEvents({ client })
    opened.push(() => {
      events.close()
      close()
    })
    return events
  }

  it('redisEvents passes each event to each process once, with its dates', async () => {
    const [one, other] = [await open(), await open()]
    const heard: SharedEvent[][] = [[], []]
    await one.listen((event) => heard[0]?.push(event))
    await other.listen((event) => heard[1]?.push(event))
    one.publish(created)
    other.publish({ type: 'removed', id: 'u1', reason: 'expired' })
    await expect.poll(() => heard.map(({ length }) => length)).toEqual([2, 2])
    expect(heard[1]).toContainEqual(created)
    expect(heard[0]).toContainEqual({ type: 'removed', id: 'u1', reason: 'expired' })
  })

  it('redisEvents passes no event to a stopped listener, and no failure at all', async () => {
    const events = await open()
    const heard: string[] = []
    const stop = await events.listen(({ type }) => heard.push(`early ${type}`))
    await events.listen(({ type }) => heard.push(type))
    stop()
    events.publish({ type: 'failed', id: 'u1', error: new Error('a fault') })
    events.publish(created)
    await expect.poll(() => heard).toEqual(['created'])
  })
}
