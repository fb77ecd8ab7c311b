import type { LeaseLoss, YieldRequest } from '@tusker/core'
import { lossSwitch, UploadError, yieldRequests } from '@tusker/core'
import type { Version } from '../records/versioned-records.ts'
import type { Grant, Leasing } from './acquire.ts'
import { released, renewed, takenOver } from './lease.ts'

/** Keeps a lease while its task runs. */
export interface Keeper {
  readonly yieldRequest: YieldRequest
  readonly lost: LeaseLoss
  /** Stops renewing, and releases the lease. Never rejects: a lease that is not released expires. */
  stop(): Promise<void>
}

/** The share of the lease time that a holder relies on. The rest allows for clocks of different speed. */
const RELIABLE = 0.9

/** Milliseconds between two checks of a holder while its client sends bytes. */
const LOOK_WHILE_RECEIVING = 1_000

/** Renews a lease, and passes requests of other processes on to its holder. */
export function keep(
  { records, leaseTtl, isSettled, receivedAt, news }: Leasing,
  { id, holder, askedAt }: Grant,
  lookEvery: number,
): Keeper {
  const requests = yieldRequests()
  const lost = lossSwitch()
  let writtenAt = askedAt
  let seenAt = performance.now()
  /** True once a caller asked for the lease: it waits for news. */
  let isWanted = false
  /** True when news came that no look has followed yet. */
  let isRung = false

  const isCurrent = (): boolean =>
    !lost.aborted && performance.now() < writtenAt + leaseTtl * RELIABLE

  function hear({ record: { lease } }: Version, at: number | null): void {
    seenAt = performance.now()
    if (lease?.holder !== holder) {
      // `finish` releases the lease itself.
      if (at === null) lost.abort(takenOver())
      return
    }
    if (at !== null) writtenAt = Math.max(writtenAt, at)
    isWanted ||= lease.asked !== 'nothing'
    if (lease.asked === 'nothing') requests.withdraw()
    else requests.ask()
    if (lease.asked === 'stop') lost.abort(takenOver())
  }

  async function renew(): Promise<void> {
    await records.change(id, ({ record }) => {
      if (record.lease?.holder !== holder) throw takenOver()
      return renewed(record)
    })
  }

  /** Checks the record, or renews the lease if that is due. Retries failures until the lease expires. */
  async function look(): Promise<void> {
    const isDue = performance.now() - writtenAt > leaseTtl / 3
    await (isDue ? renew() : records.look(id)).catch(() => {})
  }

  let looking: Promise<void> | null = null
  function tick(): void {
    if (!isCurrent()) {
      lost.abort(new UploadError('interrupted', 'the lease could not be renewed in time'))
      clearInterval(timer)
    } else if (looking === null && (isRung || performance.now() - seenAt >= pauseOfLooks())) {
      isRung = false
      looking = look().finally(() => {
        looking = null
        if (isRung) tick()
      })
    }
  }

  /** A holder yields only when its client is silent, and a commit of bytes fails if the record has changed. */
  function pauseOfLooks(): number {
    const isReceiving = performance.now() - receivedAt(id) < lookEvery
    const longest = news.isOpen() ? leaseTtl / 4 : Math.min(LOOK_WHILE_RECEIVING, leaseTtl / 4)
    return isReceiving || news.isOpen() ? Math.max(lookEvery, longest) : lookEvery
  }

  function ring(): void {
    isRung = true
    tick()
  }

  const forget = [records.watch(id, hear), records.trust(id, isCurrent), news.watch(id, ring)]
  const timer = setInterval(tick, Math.min(lookEvery, leaseTtl / 10))

  return {
    yieldRequest: requests,
    lost,
    async stop() {
      clearInterval(timer)
      isRung = false
      for (const end of forget) end()
      await records
        .change(id, ({ record }) => {
          if (record.lease?.holder !== holder) return record
          isWanted ||= record.lease.asked !== 'nothing'
          return released(record, isSettled(id))
        })
        .catch(() => {})
      if (isWanted) news.tell(id)
    },
  }
}
