import type { Lease, LeaseRequest, Locker } from '@tusker/core'
import { eitherYieldRequest, memoryLocker, UploadError, yieldRequests } from '@tusker/core'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Holding, LeaseDirectory } from './lease-directory.ts'
import { leaseDirectory } from './lease-directory.ts'
import { pooled } from '../files/file-calls.ts'
import { layoutOf } from '../files/paths.ts'
import { fileRecords } from '../records/file-records.ts'

/** How processes share the leases of one directory. */
export interface FileLockerOptions {
  /** The directory of the store. */
  readonly directory: string
  /**
   * Milliseconds without a sign of life after which a holder counts as gone. Five seconds by default,
   * which is less than a request waits for a lease;
   * more where a process may be stopped for longer, less where a resume has to come sooner.
   */
  readonly leaseTtl?: number
}

/** How often a holder looks whether it is asked to go, and a waiter whether it may come. */
const HOLDER_LOOKS = 150
const WAITER_LOOKS = 50

/**
 * Leases for the uploads of a directory that several processes serve. They need nothing of the file
 * system but exclusive creation and rename, hold no process ids, and end by themselves when their
 * holder is killed. Within a process, callers are served in their order.
 */
export function fileLocker({ directory, leaseTtl = 5_000 }: FileLockerOptions): Locker {
  const local = memoryLocker()
  const layout = layoutOf(resolve(directory))
  const records = fileRecords({ layout, calls: pooled, durability: 'process-crash' })

  /**
   * One more than the last, and noted at once: from then on whoever held the lease before is refused. No
   * clock has a part in it.
   */
  async function nextToken(id: string): Promise<number> {
    const record = await records.find(id).catch(() => null)
    return record === null ? 1 : records.claim(id)
  }

  return {
    withLease: (id, request, task) =>
      local.withLease(id, request, async (turn) => {
        const files = leaseDirectory(layout.lease(id))
        const mark = await acquire(files, request, leaseTtl)
        const keeper = keep(files, mark, turn, leaseTtl)
        try {
          return await task({ ...keeper.signals, token: await nextToken(id) })
        } finally {
          keeper.stop()
          await files.end(mark)
        }
      }),
  }
}

async function acquire(
  files: LeaseDirectory,
  request: LeaseRequest,
  leaseTtl: number,
): Promise<string> {
  const isGone = watchedHolder(leaseTtl)
  let withdraw: (() => Promise<void>) | null = null
  try {
    for (;;) {
      request.signal.throwIfAborted()
      const holder = await files.holding()
      if (holder !== null && isGone(holder)) await files.end(holder.mark)
      const claimed = holder === null || isGone(holder) ? await files.claim() : null
      if (claimed !== null) return claimed
      if (request.ask === 'nothing') throw new UploadError('busy', 'the upload is in use')
      withdraw ??= await files.ask(request.ask)
      await sleep(WAITER_LOOKS, undefined, { signal: request.signal }).catch(() => {})
    }
  } finally {
    await withdraw?.()
  }
}

/**
 * Tells whether a holder is gone: it gave no sign of life for the whole time that we looked. Clocks of
 * different hosts are compared only with a wide margin, to see at once what has long been dead.
 */
function watchedHolder(leaseTtl: number): (holder: Holding) => boolean {
  let seen = ''
  let since = performance.now()
  return ({ mark, seenAt }) => {
    const sign = `${mark} ${seenAt}`
    if (sign !== seen) {
      seen = sign
      since = performance.now()
    }
    return performance.now() - since > leaseTtl || Date.now() - seenAt > 3 * leaseTtl
  }
}

/** Keeps a lease alive, and passes on what other processes ask of its holder. */
function keep(
  files: LeaseDirectory,
  mark: string,
  turn: Lease,
  leaseTtl: number,
): { readonly signals: Pick<Lease, 'yieldRequest' | 'lost'>; stop(): void } {
  const requests = yieldRequests()
  const ended = new AbortController()
  const looks = Math.max(1, Math.floor(leaseTtl / 4 / HOLDER_LOOKS))
  let count = 0

  async function look(): Promise<void> {
    const holder = await files.holding()
    if (holder?.mark !== mark) {
      ended.abort(new UploadError('interrupted', 'another process took this upload over'))
      return
    }
    if (++count % looks === 0) await files.touch()
    const asked = await files.asked()
    if (asked === null) return requests.withdraw()
    const reason = new UploadError('interrupted', 'another request took this upload over')
    requests.ask()
    if (asked === 'stop') ended.abort(reason)
  }

  // A look that fails says nothing; the next one will tell.
  const timer = setInterval(() => void look().catch(() => {}), HOLDER_LOOKS)
  return {
    signals: {
      yieldRequest: eitherYieldRequest(turn.yieldRequest, requests),
      lost: AbortSignal.any([turn.lost, ended.signal]),
    },
    stop: () => clearInterval(timer),
  }
}
