import type { LeaseLoss, LeaseRequest, YieldRequest } from '@tusker/core'
import { lossSwitch, UploadError, yieldRequests } from '@tusker/core'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LeaseCalls } from './lease-commands.ts'
import type { LeaseChannel } from './notifications.ts'
import type { Grant } from './acquire.ts'

/** What keeps a lease alive while its task runs. */
export interface Keeper {
  readonly yieldRequest: YieldRequest
  readonly lost: LeaseLoss
  /** Stops, and releases the lease. Never rejects: a lease that cannot be released expires. */
  stop(): Promise<void>
}

export interface Keeping {
  readonly calls: LeaseCalls
  readonly channel: LeaseChannel
  readonly leaseTtl: number
  /** Milliseconds after the request for which the holder relies on a lease. */
  readonly reliable: number
}

/** Milliseconds for which a yield request counts: a caller that waits asks again within a part of it. */
const ASKED = 2_000

/** Milliseconds between checks while no messages arrive, and after a failed renewal. */
const LOOK = 250

/**
 * Renews a lease, and passes yield requests on to its holder. The lease is lost once the last acknowledged
 * renewal is too old. A later reply of Redis changes nothing: from then on Redis can grant it to another caller.
 */
export function keep({ calls, channel, leaseTtl, reliable }: Keeping, grant: Grant): Keeper {
  const { id, mark } = grant
  const requests = yieldRequests()
  const lost = lossSwitch()
  const stopped = new AbortController()

  const deadline = startDeadline(grant.askedAt + reliable, () =>
    lost.abort(new UploadError('interrupted', 'the lease could not be renewed in time')),
  )
  const silence = channel.onAsk(mark, pass)

  function pass(ask: LeaseRequest['ask']): void {
    if (ask === 'nothing') return
    const reason = new UploadError('interrupted', 'another request took this upload over')
    if (ask === 'stop') lost.abort(reason)
    requests.ask(ASKED)
  }

  /** Returns milliseconds until the next check. */
  async function look(): Promise<number> {
    const askedAt = performance.now()
    const found = await calls.renew(id, mark).catch(() => null)
    const pause = channel.isOpen() ? leaseTtl / 4 : Math.min(LOOK, leaseTtl / 4)
    if (found === null) return Math.min(LOOK, leaseTtl / 10)
    if (found === 'lost') {
      lost.abort(new UploadError('interrupted', 'another process took over this upload'))
      return pause
    }
    deadline.move(askedAt + reliable)
    pass(found)
    return pause
  }

  async function lookAgainAndAgain(): Promise<void> {
    let pause = channel.isOpen() ? leaseTtl / 4 : Math.min(LOOK, leaseTtl / 4)
    while (!stopped.signal.aborted) {
      await sleep(pause, undefined, { signal: stopped.signal }).catch(() => {})
      if (stopped.signal.aborted || deadline.isOver()) return
      pause = await look()
    }
  }
  void lookAgainAndAgain()

  return {
    yieldRequest: requests,
    lost,
    async stop() {
      silence()
      deadline.stop()
      stopped.abort()
      await calls.release(id, mark).catch(() => {})
    },
  }
}

interface Deadline {
  move(to: number): void
  isOver(): boolean
  stop(): void
}

function startDeadline(at: number, onOver: () => void): Deadline {
  let over = false
  let timer: NodeJS.Timeout
  function move(to: number): void {
    clearTimeout(timer)
    if (over) return
    timer = setTimeout(() => {
      over = true
      onOver()
    }, to - performance.now())
  }
  move(at)
  return { move, isOver: () => over, stop: () => clearTimeout(timer) }
}
