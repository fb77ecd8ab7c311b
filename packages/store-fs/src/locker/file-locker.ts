import type { Duration, Lease, LeaseRequest, Locker, LossSwitch, YieldRequests } from '@tusker/core'
import {
  eitherLoss,
  eitherYieldRequest,
  lossSwitch,
  memoryLocker,
  parseDuration,
  UploadError,
  yieldRequests,
} from '@tusker/core'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Disk } from '../files/disk.ts'
import { isFull } from '../files/disk.ts'
import { checkOptions } from '../files/check-options.ts'
import { inPlace, pooled } from '../files/file-calls.ts'
import { layoutOf } from '../files/paths.ts'
import type { FileRecords } from '../records/file-records.ts'
import { fileRecords } from '../records/file-records.ts'
import type { FileRecord } from '../records/record-format.ts'
import { withRoomErrors } from '../files/room.ts'
import type { Ask } from './process-file.ts'
import { presence } from './presence.ts'

/** The options of `fileLocker`. */
export interface FileLockerOptions {
  /** The directory of the store. */
  readonly directory: string
  /**
   * The time without a sign of life after which a holder is treated as dead. Five seconds by default,
   * which is less than a request waits for a lease. Choose a longer time if processes may be stopped for
   * longer, and a shorter time if clients must resume sooner.
   */
  readonly leaseTtl?: Duration
  /** Where the disk is, as for the store. `local` by default. */
  readonly disk?: 'local' | 'network'
}

/** The default lease time in milliseconds. */
export const LEASE_TTL = 5_000

/** Milliseconds between two checks of a waiting caller whether the lease is free. */
const WAITER_LOOKS = 50

/** A lease of this process, and what other processes want of it. */
interface Held {
  readonly token: number
  readonly requests: YieldRequests
  readonly loss: LossSwitch
}

/**
 * Leases for the uploads of a directory that several processes serve. A lease is a line of the upload's
 * record. The file system needs exclusive creation, appending and rename. A lease ends by itself when its
 * process is killed. The callers of one process are served in the order in which they called.
 *
 * @throws TypeError when an option is missing, unknown or not valid
 */
export function fileLocker(options: FileLockerOptions): Locker {
  checkOptions('fileLocker', options, ['directory', 'leaseTtl', 'disk'])
  const { directory, leaseTtl } = options
  const disk: Disk = {
    layout: layoutOf(resolve(directory)),
    calls: options.disk === 'network' ? pooled : inPlace,
    durability: 'process-crash',
  }
  return lockerOver(disk, fileRecords(disk), parseDuration(leaseTtl) ?? LEASE_TTL)
}

/** A locker over records that a store may share. */
export function lockerOver(disk: Disk, records: FileRecords, leaseTtl: number): Locker {
  const local = memoryLocker()
  const held = new Map<string, Held>()
  const unreleased = new Map<string, number>()
  const others = presence(disk, leaseTtl, {
    onLook(asks) {
      for (const [id, lease] of held) {
        const what = asks.get(id)
        if (what === undefined) lease.requests.withdraw()
        else lease.requests.ask()
        if (what === 'stop') lease.loss.abort(takenOver())
      }
      for (const [id, token] of unreleased) void release(id, token)
    },
    onGap() {
      for (const [id, lease] of held) {
        // The record says whether another process took the lease over meanwhile.
        void records.find(id).then(
          (record) => record?.token !== lease.token && lease.loss.abort(takenOver()),
          () => {},
        )
      }
    },
  })

  /** True for a lease that can be acquired: it was released, or its holder is dead. */
  async function isFree({ upload, holder }: FileRecord): Promise<boolean> {
    if (holder === null) return true
    // A lease of this process that could not be released.
    if (holder === others.holder) return !held.has(upload.id)
    return others.isGone(holder)
  }

  /** Acquires a lease. `found` is the record as it was read just before. */
  async function acquire(
    id: string,
    found: FileRecord,
    request: LeaseRequest,
    turn: Lease,
  ): Promise<number> {
    let seen: FileRecord | null = found
    let withdraw: (() => Promise<void>) | null = null
    let asked: Ask | null = null
    try {
      for (;;) {
        if (request.ask !== 'nothing') request.signal.throwIfAborted()
        const record = seen ?? (await records.find(id))
        if (record === null) throw unknown()
        seen = null
        const token = (await isFree(record)) ? await records.acquire(record, others.holder) : null
        if (token !== null) return token
        if (request.ask === 'nothing') throw new UploadError('busy', 'the upload is in use')
        // A caller that waits behind this one may ask the holder to stop.
        const ask = turn.lost.aborted ? 'stop' : request.ask
        if (ask !== asked) withdraw = await others.ask(id, (asked = ask))
        await sleep(WAITER_LOOKS, undefined, { signal: request.signal }).catch(() => {})
      }
    } finally {
      await withdraw?.()
    }
  }

  /** Releases a lease. If that fails now, the timer retries it; until then no other process gets the lease. */
  async function release(id: string, token: number): Promise<void> {
    try {
      await records.release(id, token)
      unreleased.delete(id)
    } catch {
      unreleased.set(id, token)
    }
  }

  async function withSharedLease<Result>(
    id: string,
    request: LeaseRequest,
    turn: Lease,
    task: (lease: Lease) => Promise<Result>,
  ): Promise<Result> {
    // Before the process file is created: if the upload was removed, its directory may not exist either. The request
    // has just looked at the upload, and a line for a lease that is not free any more has no effect.
    const found = await records.findRecent(id)
    if (found === null) throw unknown()
    await others.enter()
    try {
      const token = await acquire(id, found, request, turn)
      const mine: Held = { token, requests: yieldRequests(), loss: lossSwitch() }
      held.set(id, mine)
      try {
        return await task({
          token,
          yieldRequest: eitherYieldRequest(turn.yieldRequest, mine.requests),
          lost: eitherLoss(turn.lost, mine.loss),
        })
      } finally {
        held.delete(id)
        await release(id, token)
      }
    } finally {
      others.leave()
    }
  }

  /**
   * On a full disk no line can be added to the record. So the lease for a removal is not noted there. The
   * record is removed in one step, and another writer then gets the error that its upload is gone.
   */
  async function withLeaseForRemoval<Result>(
    id: string,
    request: LeaseRequest,
    turn: Lease,
    task: (lease: Lease) => Promise<Result>,
  ): Promise<Result> {
    let hasBegun = false
    try {
      return await withSharedLease(id, request, turn, (lease) => {
        hasBegun = true
        return task(lease)
      })
    } catch (error) {
      if (hasBegun || !isFull(error)) throw error
      const record = await records.find(id)
      if (record === null) throw unknown()
      return task({ ...turn, token: record.token })
    }
  }

  return {
    directory: disk.layout.directory,
    withLease: (id, request, task) =>
      local.withLease(id, request, (turn) =>
        request.isForRemoval === true
          ? withLeaseForRemoval(id, request, turn, task)
          : withRoomErrors(() => withSharedLease(id, request, turn, task)),
      ),
  }
}

function unknown(): UploadError {
  return new UploadError('not_found', 'there is no such upload')
}

function takenOver(): UploadError {
  return new UploadError('interrupted', 'another request took this upload over')
}
