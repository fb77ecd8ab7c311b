import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { PIECE } from '../src/client/keys.ts'
import { connectCluster, openStore } from './support/open-store.ts'
import { describeRedis } from './support/redis-binary.ts'
import type { RedisClusterServers } from './support/redis-groups.ts'
import { startCluster } from './support/redis-groups.ts'
import type { RedisServer } from './support/redis-server.ts'
import { expectNumbered, numbered, pieces, textOf, uploadOf } from './support/uploads.ts'

const ACCEPTED = { kind: 'accepted', location: null, response: null } as const

describeRedis('a cluster that moves a slot', () => {
  let servers: RedisClusterServers
  beforeAll(async () => void (servers = await startCluster()), 60_000)
  afterAll(() => servers?.dispose())

  it('no byte is lost and no upload is damaged while a slot moves', {
    timeout: 120_000,
  }, async () => {
    const opened = await openStore(() => connectCluster(servers), { commandTimeout: 30_000 })
    onTestFinished(() => opened.dispose())
    const { store } = opened
    await store.create(uploadOf('u1'))
    let isOver = false
    async function* body(): AsyncGenerator<Uint8Array> {
      for (let at = 0; !isOver || at < 3 * PIECE; at += 40_000) {
        yield numbered(at, 40_000)
        await new Promise((resolve) => setTimeout(resolve, 2))
      }
    }
    let reported = 0
    const onProgress = (offset: number): void => void (reported = offset)
    const appending = store.append('u1', 0, body(), { token: 1, onProgress })
    await expect.poll(() => reported, { timeout: 10_000 }).toBeGreaterThan(2 * PIECE)

    const record = `${opened.prefix}upload:{u1}`
    const [slot, from, to] = await move(record)
    // Moved one by one, the record first: scripts find the rest of the upload elsewhere.
    const looking: Promise<unknown>[] = []
    await handOver(slot, from, to, async (key) => {
      looking.push(store.find('u1'))
      await to.command('PING')
      await from.command('MIGRATE', '127.0.0.1', String(to.port), key, '0', '5000')
    })
    isOver = true
    const reached = await appending
    for (const found of await Promise.all(looking)) expect(found).toMatchObject({ id: 'u1' })
    await store.finish('u1', ACCEPTED, 1)
    expect(await expectNumbered(store, 'u1')).toBe(reached)
    expect(await from.command('CLUSTER', 'COUNTKEYSINSLOT', slot)).toBe(0)
    await store.remove('u1', 1)
    expect(await to.command('CLUSTER', 'COUNTKEYSINSLOT', slot)).toBe(0)
  })

  it('an upload whose keys are on two nodes is found, and can be completed afterwards', {
    timeout: 60_000,
  }, async () => {
    const opened = await openStore(() => connectCluster(servers), {
      ttl: 3_600_000,
      commandTimeout: 30_000,
    })
    onTestFinished(() => opened.dispose())
    const { store } = opened
    await store.create(uploadOf('u2', { length: 5 }))
    await store.append('u2', 0, pieces('hello'), { token: 1 })
    const [slot, from, to] = await move(`${opened.prefix}upload:{u2}`)
    const ending: Promise<void>[] = []
    const moved: string[] = []
    await handOver(slot, from, to, async (key) => {
      if (moved.length === 1) {
        expect(await store.find('u2')).toMatchObject({ offset: 5, outcome: null })
        ending.push(store.finish('u2', ACCEPTED, 1))
        expect(await store.find('u2')).toMatchObject({ offset: 5, outcome: null })
      }
      moved.push(key)
      await from.command('MIGRATE', '127.0.0.1', String(to.port), key, '0', '5000')
    })
    await Promise.all(ending)
    expect(moved).toHaveLength(2)
    for (const key of moved) expect(await to.command('PTTL', key)).toBe(-1)
    expect(await textOf(store, 'u2')).toBe('hello')
  })

  async function move(key: string): Promise<[string, RedisServer, RedisServer]> {
    const [first] = servers.nodes
    const slot = String(await first?.command('CLUSTER', 'KEYSLOT', key))
    for (const [index, node] of servers.nodes.entries()) {
      const next = servers.nodes[(index + 1) % servers.nodes.length]
      if (next === undefined || (await node.command('CLUSTER', 'COUNTKEYSINSLOT', slot)) === 0) {
        continue
      }
      return [slot, node, next]
    }
    throw new Error('no node has the key')
  }

  async function handOver(
    slot: string,
    from: RedisServer,
    to: RedisServer,
    moveKey: (key: string) => Promise<void>,
  ): Promise<void> {
    const [fromId, toId] = await Promise.all(
      [from, to].map(async (node) => String(await node.command('CLUSTER', 'MYID'))),
    )
    await to.command('CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId ?? '')
    await from.command('CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId ?? '')
    for (;;) {
      const keys = (await from.command('CLUSTER', 'GETKEYSINSLOT', slot, '100')) as string[]
      if (keys.length === 0) break
      // The shortest name is that of the record.
      for (const key of keys.sort((a, b) => a.length - b.length)) await moveKey(key)
    }
    for (const node of [to, from, ...servers.nodes]) {
      await node.command('CLUSTER', 'SETSLOT', slot, 'NODE', toId ?? '')
    }
  }
})
