import type { LeaseRequest } from '@tusker/core'
import { UploadError } from '@tusker/core'
import type { Commands, Script } from '../client/commands.ts'
import { ACQUIRE, RELEASE, RENEW } from './scripts.ts'
import type { Replication } from './wait-for-replicas.ts'
import { witness } from './wait-for-replicas.ts'
import type { Seniority } from './known-primaries.ts'

/** The result of a request for a lease. */
export type Attempt =
  | { readonly state: 'granted'; readonly token: number }
  /** Not granted. Retry after this many milliseconds. */
  | { readonly state: 'held'; readonly wait: number }

/** What a renewal found: the lease, and what others ask of its holder; or that it is lost. */
export type Renewal = LeaseRequest['ask'] | 'lost'

/** The leases of one prefix in Redis. */
export interface LeaseCalls {
  /**
   * @param mark the id of this holder
   * @throws UploadError `unavailable` when Redis, or enough of its replicas, cannot be reached
   */
  acquire(id: string, mark: string, ask: LeaseRequest['ask']): Promise<Attempt>
  /** Rejects when Redis did not confirm it. */
  renew(id: string, mark: string): Promise<Renewal>
  /** Releases the lease if this holder still has it. */
  release(id: string, mark: string): Promise<void>
}

export interface LeaseCallsOptions {
  readonly prefix: string
  /** For commands that a client waits for. */
  readonly commands: Commands
  /** For commands that are soon useless. */
  readonly brief: Commands
  readonly channel: string
  readonly leaseTtl: number
  readonly seniority: Seniority
  readonly replication: Replication
}

/** Milliseconds for which the last token is kept, so that a clock set back produces no older token. */
const TOKENS_KEPT = 24 * 60 * 60 * 1_000

export function leaseCalls(options: LeaseCallsOptions): LeaseCalls {
  const { prefix, channel, leaseTtl, seniority } = options
  const lease = (id: string): string => `${prefix}lease:{${id}}`
  const counter = (id: string): string => `${prefix}token:{${id}}`

  async function run(
    commands: Commands,
    script: Script,
    keys: readonly string[],
    ...args: readonly (string | number)[]
  ): Promise<readonly [state: string, detail: string]> {
    // All our scripts reply with lists of texts.
    const reply = (await commands.run(script, keys, args.map(String))) as readonly Buffer[]
    return [String(reply[0]), String(reply[1] ?? '')]
  }

  async function acquire(id: string, mark: string, ask: LeaseRequest['ask']): Promise<Attempt> {
    const isKnown = await witness(options.replication, lease(id))
    const known = seniority.known().join()
    const [state, detail] = await run(
      options.commands,
      ACQUIRE,
      [lease(id), counter(id)],
      mark,
      leaseTtl,
      ask,
      known,
      TOKENS_KEPT,
      channel,
    )
    if (state === 'promoted') return { state: 'held', wait: seniority.met(detail) }
    if (state !== 'granted') return { state: 'held', wait: Number(detail) }
    if (await isKnown()) return { state, token: Number(detail) }
    await release(id, mark)
    throw new Error('too few replicas acknowledged the lease')
  }

  async function release(id: string, mark: string): Promise<void> {
    await run(options.brief, RELEASE, [lease(id)], mark, channel, id)
  }

  return {
    async acquire(id, mark, ask) {
      try {
        return await acquire(id, mark, ask)
      } catch (error) {
        throw explained(error)
      }
    },

    async renew(id, mark) {
      const isKnown = await witness(options.replication, lease(id))
      const [state, asked] = await run(options.brief, RENEW, [lease(id)], mark, leaseTtl)
      if (state !== 'kept') return 'lost'
      if (!(await isKnown())) throw new Error('too few replicas acknowledged the renewal')
      return asked === 'yield' || asked === 'stop' ? asked : 'nothing'
    },

    release,
  }
}

/** The errors of a Redis that is not ready at the moment. */
const PASSES = /^(?:OOM|LOADING|CLUSTERDOWN|TRYAGAIN|MASTERDOWN|READONLY|NOREPLICAS|MISCONF|BUSY)\b/

/** An error reply of Redis starts with a code in capitals; an error of the connection does not. */
const REPLY = /^[A-Z][A-Z0-9]+ /

const CLOSED = /^The client is (?:closed|offline)/

/** The error for the client: it should retry. An error that only the operator can fix is not shown to it. */
function explained(error: unknown): Error {
  const message = error instanceof Error ? error.message : String(error)
  if (CLOSED.test(message)) {
    return new Error('the client of Redis is not connected: await client.connect() first', {
      cause: error,
    })
  }
  if (REPLY.test(message) && !PASSES.test(message)) {
    return new Error(`Redis refused to keep a lease: ${message}`, { cause: error })
  }
  const headers = { 'retry-after': '1' }
  return new UploadError('unavailable', 'the upload cannot be locked at the moment, retry', {
    cause: error,
    headers,
  })
}
