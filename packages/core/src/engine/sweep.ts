import { isUploadError } from '../model/error.ts'
import type { Lease } from '../ports/locker.ts'
import type { UploadInfo } from '../model/upload.ts'
import { lacksOutcome } from '../model/upload.ts'
import type { Caller } from './commands.ts'
import { assemble, isUnassembled } from './concatenate.ts'
import { isExpired, isForgettable } from './expiry.ts'
import { never } from './with-lease.ts'
import type { Ports } from './ports.ts'
import { settle } from './settle.ts'

/** The number of uploads that a sweep changed, by what it did. */
export interface SweepReport {
  /** Expired uploads, which were removed. */
  readonly expired: number
  /** Uploads that had all their bytes, and now have their outcome. */
  readonly settled: number
  /** Uploads with an outcome that were kept long enough, and were removed. */
  readonly forgotten: number
}

/** Milliseconds that a sweep works before it lets requests have their turn. */
const STRETCH = 5

/**
 * Looks at all uploads once: removes expired ones and completes those that lack only their outcome.
 * It never interrupts a lease holder. An error at one upload is reported and does not stop the sweep.
 *
 * A store on a local disk may answer without waiting. The sweep of such a store would block the event
 * loop until its end, so it pauses every few milliseconds.
 */
export async function sweep<Context>(ports: Ports<Context>): Promise<SweepReport> {
  const report = { expired: 0, settled: 0, forgotten: 0 }
  let start = performance.now()
  for await (const id of ports.store.list?.() ?? []) {
    if (ports.closing.begun()) break
    const done = await sweepOne(ports, id).catch((error: unknown) => {
      ports.emit({ type: 'failed', id, error })
      return null
    })
    if (done !== null) report[done] += 1
    if (performance.now() - start < STRETCH) continue
    await pause()
    start = performance.now()
  }
  return report
}

/** Resolves after the event loop has handled timers and requests that were waiting. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0))
}

async function sweepOne<Context>(
  ports: Ports<Context>,
  id: string,
): Promise<keyof SweepReport | null> {
  if (dueFor(ports, await ports.store.find(id)) === null) return null
  const caller: Caller<Context> = { context: null, signal: null }
  try {
    // A held lease means that a request is at work on the upload. The next sweep looks again.
    return await ports.locker.withLease(id, { signal: never(), ask: 'nothing' }, (lease) =>
      tidy(ports, id, lease, caller),
    )
  } catch (error) {
    if (isUploadError(error) && error.code === 'busy') return null
    throw error
  }
}

async function tidy<Context>(
  ports: Ports<Context>,
  id: string,
  lease: Lease,
  caller: Caller<Context>,
): Promise<keyof SweepReport | null> {
  const upload = await ports.store.find(id)
  const due = dueFor(ports, upload)
  if (upload === null || due === null) return null
  if (due === 'settled') {
    const ended = await settle(ports, await assemble(ports, upload, lease), lease, caller)
    if (ended.outcome === null) return null
  } else {
    await ports.store.remove?.(id, lease.token)
    ports.waiting.drop(upload)
    if (due === 'expired') ports.emit({ type: 'removed', id, reason: 'expired' })
  }
  return due
}

function dueFor<Context>(
  ports: Ports<Context>,
  upload: UploadInfo | null,
): keyof SweepReport | null {
  if (upload === null) return null
  if (isExpired(ports.limits, upload)) return 'expired'
  if (isForgettable(ports.limits, upload)) return 'forgotten'
  if (isUnassembled(upload)) return 'settled'
  return lacksOutcome(upload) ? 'settled' : null
}
