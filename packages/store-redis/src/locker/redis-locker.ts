import type { Duration, Locker } from '@tusker/core'
import { eitherLoss, eitherYieldRequest, memoryLocker } from '@tusker/core'
import { checkOptions, timeOf } from '../client/check-options.ts'
import { commandsOver } from '../client/commands.ts'
import { leaseCalls } from './lease-commands.ts'
import { leaseChannel } from './notifications.ts'
import { keep } from './renew.ts'
import type { LockerClient } from '../client/subscriber.ts'
import { subscriberOf } from '../client/subscriber.ts'
import { acquire } from './acquire.ts'
import { seniority } from './known-primaries.ts'

/** The options of `redisLocker`. */
export interface RedisLockerOptions {
  /** The application connects and closes it. */
  readonly client: LockerClient
  /** The start of every key. `tusker:` by default. It must be the same in all processes. */
  readonly prefix?: string
  /**
   * The time after its last renewal when a lease expires. Five seconds by default, which is less than a
   * request waits for a lease. It must be the same in all processes.
   */
  readonly leaseTtl?: Duration
  /**
   * The number of replicas that must acknowledge a lease before it is valid. None by default. With all of
   * them, no failover loses a lease, and a primary that is cut off renews none.
   */
  readonly replicas?: number
}

/** A locker with a connection of its own. */
export interface RedisLocker extends Locker {
  /**
   * Closes the connection for messages. Leases stay valid, and new ones are possible, but their holders
   * learn of yield requests later.
   */
  close(): void
}

/** The part of the lease time on which a holder relies. The rest allows for clocks of different speed. */
const RELIABLE = 0.9

/** The part of the lease time within which replicas must acknowledge a lease. */
const ACKNOWLEDGED = 0.1

/** Milliseconds within which Redis must reply to a request for a lease, with reconnects. */
const PATIENCE = 5_000

/**
 * Leases in Redis or Valkey, 6.2 or later, for uploads that several processes serve. Within a process,
 * callers get the lease in their order; between processes, the first request gets it. The lease of a killed
 * holder expires within the lease time. A holder that cannot reach Redis stops before its lease expires.
 *
 * @throws TypeError when an option is missing, unknown or not valid, or replicas are to be waited for over
 *   a pool or a cluster of ioredis
 */
export function redisLocker(options: RedisLockerOptions): RedisLocker {
  checkOptions('redisLocker', options, ['client', 'prefix', 'leaseTtl', 'replicas'])
  const { client, prefix = 'tusker:', replicas = 0 } = options
  const leaseTtl = timeOf(options.leaseTtl, 5_000)
  if (replicas > 0 && 'execute' in client && !('duplicate' in client)) {
    throw new TypeError('replicas: give a client and not a pool, they answer to one connection')
  }
  if (replicas > 0 && 'callBuffer' in client && 'nodes' in client) {
    throw new TypeError('replicas: a cluster of ioredis does not say which of its nodes answers')
  }
  // The commands report lost connections. Listeners of the application still get the errors.
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
    keyPrefix: prefix,

    withLease: (id, request, task) =>
      local.withLease(id, request, async (turn) => {
        channel.open()
        const grant = await acquire(shared, { id, request, pressed: turn.lost })
        const keeper = keep(shared, grant)
        try {
          return await task({
            token: grant.token,
            yieldRequest: eitherYieldRequest(turn.yieldRequest, keeper.yieldRequest),
            lost: eitherLoss(turn.lost, keeper.lost),
          })
        } finally {
          await keeper.stop()
        }
      }),

    close: () => channel.close(),
  }
}
