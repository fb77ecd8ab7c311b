import type { Locker } from '@tusker/core'
import { eitherYieldRequest, memoryLocker } from '@tusker/core'
import { commandsOver } from '../client/commands.ts'
import { leaseCalls } from './lease-commands.ts'
import { leaseChannel } from './notifications.ts'
import { keep } from './renew.ts'
import type { LockerClient } from '../client/subscriber.ts'
import { subscriberOf } from '../client/subscriber.ts'
import { acquire } from './acquire.ts'
import { seniority } from './known-primaries.ts'

/** How processes share leases through Redis. */
export interface RedisLockerOptions {
  /** Connected by the application, and closed by it. */
  readonly client: LockerClient
  /** Begins every key. `tusker:` by default. All processes that share uploads have the same. */
  readonly prefix?: string
  /**
   * Milliseconds without a sign of life after which a holder counts as gone. Five seconds by default,
   * which is less than a request waits for a lease. All processes that share uploads have the same.
   */
  readonly leaseTtl?: number
  /**
   * How many replicas have to know of a lease before it counts. None by default. With all of them, no
   * failover forgets a lease, and a primary that was cut off keeps none alive.
   */
  readonly replicas?: number
}

/** A locker with a connection of its own. */
export interface RedisLocker extends Locker {
  /**
   * Closes the connection that was made for messages. Leases that are held go on, and so may new ones,
   * but they are told later what others ask.
   */
  close(): void
}

/** What of a lease's time its holder relies on. The rest is for clocks that run at different speeds. */
const RELIABLE = 0.9

/** The part of a lease's time that replicas have to acknowledge it. */
const ACKNOWLEDGED = 0.1

/** Milliseconds that Redis has to answer who asks for a lease, lost connections included. */
const PATIENCE = 5_000

/**
 * Leases for uploads that several processes serve, in Redis or Valkey, 6.2 or later. Within a process,
 * callers are served in their order; between processes whoever comes first. A holder that was killed is
 * replaced after the lease time at most, and one that lost Redis gives up before it is replaced.
 *
 * @throws TypeError when the lease time is shorter than a tenth of a second, or replicas are to be waited
 *   for over a pool
 */
export function redisLocker(options: RedisLockerOptions): RedisLocker {
  const { client, prefix = 'tusker:', leaseTtl = 5_000, replicas = 0 } = options
  if (!(leaseTtl >= 100)) throw new TypeError('leaseTtl: at least 100 milliseconds are needed')
  if (replicas > 0 && 'execute' in client && !('duplicate' in client)) {
    throw new TypeError('replicas: give a client and not a pool, they answer to one connection')
  }
  // Lost connections come out of the commands. An application that hears of them still does.
  client.on('error', () => {})

  const local = memoryLocker()
  const channel = leaseChannel(`${prefix}leases`, () => subscriberOf(client))
  const brief = commandsOver(client, Math.min(1_000, leaseTtl / 2))
  const calls = leaseCalls({
    prefix,
    leaseTtl: Math.ceil(leaseTtl),
    channel: channel.name,
    brief,
    commands: commandsOver(client, PATIENCE),
    seniority: seniority(leaseTtl),
    replication: { commands: brief, replicas, timeout: leaseTtl * ACKNOWLEDGED },
  })
  const shared = { calls, channel, leaseTtl, reliable: leaseTtl * RELIABLE }

  return {
    withLease: (id, request, task) =>
      local.withLease(id, request, async (turn) => {
        channel.open()
        const grant = await acquire(shared, { id, request, pressed: turn.lost })
        const keeper = keep(shared, grant)
        try {
          return await task({
            token: grant.token,
            yieldRequest: eitherYieldRequest(turn.yieldRequest, keeper.yieldRequest),
            lost: AbortSignal.any([turn.lost, keeper.lost]),
          })
        } finally {
          await keeper.stop()
        }
      }),

    close: () => channel.close(),
  }
}
