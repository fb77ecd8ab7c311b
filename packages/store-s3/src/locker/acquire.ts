import type { LeaseLoss, LeaseRequest } from '@tusker/core'
import { UploadError } from '@tusker/core'
import type { VersionedRecords, Version } from '../records/versioned-records.ts'
import type { Asked, S3Record } from '../records/record.ts'
import { newName } from '../records/record.ts'
import { asking, asksMore, withNewLease } from './lease.ts'
import type { Bell } from './bell.ts'
import { newBell } from './bell.ts'
import type { FirstGrants } from './first-grants.ts'
import type { News } from './news.ts'

/** What lockers of one bucket share. */
export interface Leasing {
  readonly records: VersionedRecords
  /** Milliseconds without a write of the holder after which its lease may be taken over. */
  readonly leaseTtl: number
  /** What else a new holder notes in the record, in the same write. */
  readonly prepare: (record: S3Record) => S3Record
  readonly news: News
  readonly first: FirstGrants
  /** When the last bytes of an upload arrived here, by `performance`. */
  readonly receivedAt: (id: string) => number
  /** True when no part of an upload may still be on its way from here. */
  readonly isSettled: (id: string) => boolean
}

/** A lease that was granted. */
export interface Grant {
  readonly id: string
  readonly holder: string
  readonly token: number
  /** When the write that granted it began, by `performance`. */
  readonly askedAt: number
}

/** Milliseconds between two checks of a waiting caller: where it gets no news, and where it does. */
const LOOK = 150
const LOOK_WITH_NEWS = 1_000

/** Milliseconds by which the clock of a storage may be wrong: it counts whole seconds. */
const CLOCK_MARGIN = 2_000

/**
 * Waits for a lease.
 *
 * @param pressed aborts when a caller that waits behind this one wants the holder to stop
 * @throws UploadError `busy` when the caller sends no request and the lease is held, `not_found` when
 *   there is no upload; the abort reason of the request's signal
 */
export async function acquire(
  leasing: Leasing,
  id: string,
  request: LeaseRequest,
  pressed: LeaseLoss,
): Promise<Grant> {
  request.signal.throwIfAborted()
  const first = leasing.first.take(id)
  if (first !== null) return first
  const bell = newBell()
  const forget = leasing.news.watch(id, bell.ring)
  pressed.addEventListener('abort', bell.ring)
  try {
    return await granted(leasing, id, request, { pressed, bell })
  } finally {
    forget()
    pressed.removeEventListener('abort', bell.ring)
  }
}

async function granted(
  { records, leaseTtl, prepare, news }: Leasing,
  id: string,
  request: LeaseRequest,
  { pressed, bell }: { readonly pressed: LeaseLoss; readonly bell: Bell },
): Promise<Grant> {
  const holder = newName()
  const isGone = watchedHolder()
  /** The holder that this caller sent a request to, and the request. */
  let question: { readonly of: string; readonly asked: Asked } | null = null
  for (;;) {
    if (request.signal.aborted) {
      if (question !== null) await withdraw(records, id, question)
      request.signal.throwIfAborted()
    }
    const ask = pressed.aborted ? 'stop' : request.ask
    const askedAt = performance.now()
    const { record } = await records.change(id, (version) => {
      const { lease } = version.record
      if (lease?.holder === holder) return version.record
      if (lease === null || isGone(version)) {
        return prepare(withNewLease(version.record, holder, leaseTtl))
      }
      if (ask === 'nothing') throw new UploadError('busy', 'the upload is in use')
      if (!asksMore(ask, lease.asked)) return version.record
      question = { of: lease.holder, asked: ask }
      return asking(version.record, lease, ask, version.age)
    })
    if (record.lease?.holder === holder) return { id, holder, token: record.token, askedAt }
    news.tell(id)
    await bell.pause(news.isOpen() ? LOOK_WITH_NEWS : LOOK, request.signal)
    await records.look(id)
  }
}

/** Removes the request from the record. Other waiting callers write theirs again. */
async function withdraw(
  records: VersionedRecords,
  id: string,
  question: { readonly of: string; readonly asked: Asked },
): Promise<void> {
  await records
    .change(id, (version) => {
      const { lease } = version.record
      const isOurs = lease?.holder === question.of && lease.asked === question.asked
      return isOurs ? asking(version.record, lease, 'nothing', version.age) : version.record
    })
    .catch(() => {})
}

/**
 * Decides whether a holder is gone: it wrote nothing for the time of its lease, either by the clock of
 * the storage, or by our clock since we began to watch. No two clocks are compared.
 */
function watchedHolder(): (version: Version) => boolean {
  let seen = ''
  let since = performance.now()
  return ({ record: { lease }, age }) => {
    if (lease === null) return true
    if (lease.beat !== seen) {
      seen = lease.beat
      since = performance.now()
    }
    const silence = lease.silence + age
    return performance.now() - since > lease.ttl || silence > lease.ttl + CLOCK_MARGIN
  }
}
