import type { ClusterClient, NodeClient, Subscriber } from './client-types.ts'
import type { IoredisClient, IoredisCluster } from './ioredis.ts'
import { ioredisSubscriber, isIoredis } from './ioredis.ts'

export type { Subscriber } from './client-types.ts'

interface Emitter {
  on(event: 'error', listener: (error: unknown) => void): unknown
}

interface Duplicable {
  duplicate(): Subscriber
}

interface Pool {
  execute(task: (client: Duplicable) => unknown): Promise<unknown>
}

/** Only its own connection for messages is used: another cluster would connect to every node again. */
interface SubscribingCluster {
  subscribe(channel: string, listener: (message: string) => unknown): Promise<unknown>
  unsubscribe(channel: string): Promise<unknown>
}

/**
 * A connected client, pool or cluster of `@redis/client` or `redis`, version 5 or 6, or a client or cluster of
 * `ioredis`, version 5 or 6.
 */
export type LockerClient =
  | (Emitter & ((NodeClient & (Duplicable | Pool)) | (ClusterClient & SubscribingCluster)))
  | IoredisClient
  | IoredisCluster

/** Makes the connection for messages that goes with a client. It is not connected yet. */
export async function subscriberOf(client: LockerClient): Promise<Subscriber> {
  if (isIoredis(client)) return ioredisSubscriber(client)
  if ('masters' in client) return ofCluster(client)
  if ('duplicate' in client) return client.duplicate()
  const made: Subscriber[] = []
  await client.execute((one) => void made.push(one.duplicate()))
  if (made[0] === undefined) throw new Error('the pool has no client')
  return made[0]
}

function ofCluster(cluster: SubscribingCluster): Subscriber {
  let unsubscribe = (): Promise<unknown> => Promise.resolve()
  return {
    connect: () => Promise.resolve(),
    async subscribe(channel, listener) {
      unsubscribe = () => cluster.unsubscribe(channel)
      await cluster.subscribe(channel, listener)
    },
    on() {},
    // The cluster may be closed already.
    destroy: () => void unsubscribe().catch(() => {}),
  }
}
