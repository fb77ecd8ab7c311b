import { isUploadError } from '../model/error.ts'
import type { UploadInfo } from '../model/upload.ts'
import { lacksOutcome } from '../model/upload.ts'
import type { Caller } from './commands.ts'
import { assemble, canAssemble, isUnassembled } from './concatenate.ts'
import { isExpired, isForgettable, partialUploads } from './expiry.ts'
import { atOnce } from './with-lease.ts'
import type { Ports, Session } from './ports.ts'
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

/**
 * Milliseconds for which a sweep works before it pauses for requests. A turn of the event loop takes longer: garbage
 * collection, and what else the process does, come on top.
 */
const STRETCH = 2

/**
 * Reads all uploads once. Removes those that are expired, and completes those that lack only their outcome.
 * It never interrupts a lease holder. It reports an error with one upload and continues with the next one.
 *
 * A store on a local disk may never wait. Its sweep would block the event loop until the end, so the sweep
 * pauses every few milliseconds.
 */
export async function sweep<Context>(ports: Ports<Context>): Promise<SweepReport> {
  const report = { expired: 0, settled: 0, forgotten: 0 }
  const partials = partialUploads(ports.limits)
  let start = performance.now()

  async function visit(id: string, isAbandoned: boolean): Promise<void> {
    try {
      const upload = await ports.store.find(id)
      if (upload !== null && !isAbandoned) partials.see(upload)
      const done = await sweepOne(ports, upload, isAbandoned)
      if (done !== null) report[done] += 1
    } catch (error) {
      ports.emit({ type: 'failed', id, error })
    }
    if (performance.now() - start < STRETCH) return
    await pause()
    start = performance.now()
  }

  for await (const id of ports.store.list?.() ?? []) {
    if (ports.closing.begun()) return report
    await visit(id, false)
  }
  // The sweep knows all partial uploads only now.
  for (const id of partials.abandoned()) {
    if (!ports.closing.begun()) await visit(id, true)
  }
  return report
}

/** Resolves after the event loop has handled the timers and requests that waited. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0))
}

async function sweepOne<Context>(
  ports: Ports<Context>,
  upload: UploadInfo | null,
  isAbandoned: boolean,
): Promise<keyof SweepReport | null> {
  const due = await dueFor(ports, upload, isAbandoned)
  if (upload === null || due === null) return null
  const { id } = upload
  const caller: Caller<Context> = { context: null, signal: null }
  const isForRemoval = due !== 'settled'
  try {
    const request = atOnce(isForRemoval)
    return await ports.locker.withLease(id, request, (lease) =>
      tidy({ ports, lease, caller }, { id, isAbandoned }, due),
    )
  } catch (error) {
    // Another request holds the lease. The next sweep looks at the upload again.
    if (isUploadError(error) && GONE_OR_HELD.includes(error.code)) return null
    throw error
  }
}

const GONE_OR_HELD: readonly string[] = ['busy', 'not_found']

async function tidy<Context>(
  session: Session<Context>,
  { id, isAbandoned }: { readonly id: string; readonly isAbandoned: boolean },
  due: keyof SweepReport,
): Promise<keyof SweepReport | null> {
  const { ports, lease } = session
  const upload = await ports.store.find(id)
  // A lease for a removal must not be used for another change.
  if (upload === null || (await dueFor(ports, upload, isAbandoned)) !== due) return null
  if (due === 'settled') {
    const ended = await settle(session, await assemble(session, upload))
    if (ended.outcome === null) return null
  } else {
    await ports.store.remove?.(id, lease.token)
    ports.waiting.drop(upload)
    if (due === 'expired') ports.emit({ type: 'removed', id, reason: 'expired' })
  }
  return due
}

async function dueFor<Context>(
  ports: Ports<Context>,
  upload: UploadInfo | null,
  isAbandoned: boolean,
): Promise<keyof SweepReport | null> {
  if (upload === null) return null
  if (isAbandoned || isExpired(ports.limits, upload)) return 'expired'
  if (isForgettable(ports.limits, upload)) return 'forgotten'
  if (isUnassembled(upload)) return (await canAssemble(ports, upload)) ? 'settled' : null
  return lacksOutcome(upload) ? 'settled' : null
}
