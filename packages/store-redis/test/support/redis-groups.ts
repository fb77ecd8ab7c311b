import type { RedisServer, RedisServerOptions } from './redis-server.ts'
import { eventually, startRedis } from './redis-server.ts'

/** Two servers, of which one repeats what the other does. */
export interface RedisPair {
  readonly primary: RedisServer
  readonly replica: RedisServer
  /** Makes the replica a primary. The old one is as it was: kill it, or have two. */
  promote(): Promise<void>
  dispose(): Promise<void>
}

export async function startPair(options: RedisServerOptions = {}): Promise<RedisPair> {
  const primary = await startRedis(options)
  const replicaOf = ['--replicaof', `127.0.0.1 ${primary.port}`]
  const replica = await startRedis({ ...options, args: [...(options.args ?? []), ...replicaOf] })
  await eventually('the replica has all', async () =>
    String(await replica.command('INFO', 'replication')).includes('master_link_status:up'),
  )
  return {
    primary,
    replica,
    async promote() {
      await replica.command('REPLICAOF', 'NO', 'ONE')
    },
    async dispose() {
      await Promise.all([primary.dispose(), replica.dispose()])
    },
  }
}

/** Three primaries that share the slots. */
export interface RedisClusterServers {
  readonly nodes: readonly RedisServer[]
  dispose(): Promise<void>
}

const SLOTS = 16_384

export async function startCluster(): Promise<RedisClusterServers> {
  const nodes = await Promise.all([1, 2, 3].map(() => startRedis({ cluster: true })))
  const dispose = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.dispose()))
  }
  try {
    await join(nodes)
  } catch (error) {
    await dispose()
    throw error
  }
  return { nodes, dispose }
}

async function join(nodes: readonly RedisServer[]): Promise<void> {
  const share = Math.ceil(SLOTS / nodes.length)
  for (const [index, node] of nodes.entries()) {
    const slots = Array.from({ length: share }, (_, slot) => index * share + slot)
    // One by one: servers before 7 know no ranges.
    const own = slots.filter((slot) => slot < SLOTS).map(String)
    await node.command('CLUSTER', 'ADDSLOTS', ...own)
    await node.command('CLUSTER', 'SET-CONFIG-EPOCH', String(index + 1))
  }
  const [first, ...others] = nodes
  for (const { port } of others) await first?.command('CLUSTER', 'MEET', '127.0.0.1', String(port))
  for (const node of nodes) {
    await eventually('each node knows the whole cluster', async () => {
      const info = String(await node.command('CLUSTER', 'INFO'))
      const parts = ['cluster_state:ok', `cluster_slots_assigned:${SLOTS}`]
      return [...parts, `cluster_known_nodes:${nodes.length}`].every((part) => info.includes(part))
    })
  }
}
