/** The right to change one upload, for as long as a task runs. */
export interface Lease {
  /**
   * The fencing token. It grows with every lease of the same upload, and stores use it to refuse a
   * holder that lost its lease. Null from a locker whose leases end only when they are released.
   */
  readonly token: number | null
  /** Whether another caller waits for the lease. The holder then yields once its client stops sending. */
  readonly yieldRequest: YieldRequest
  /** Aborts when the task must stop at once: the lease expired, or another caller insists on it. */
  readonly lost: LeaseLoss
}

/** Whether a lease is lost. An `AbortSignal` is one; `lossSwitch` makes a cheaper one. */
export interface LeaseLoss {
  readonly aborted: boolean
  /** Why the lease is lost; undefined while it is not. */
  readonly reason: unknown
  addEventListener(type: 'abort', listener: () => void): void
  removeEventListener(type: 'abort', listener: () => void): void
}

/** Whether another caller waits for a lease, as far as its holder knows. */
export interface YieldRequest {
  /** False again once every caller that waited has withdrawn or died. */
  isPending(): boolean
  /** Calls `listener` when a caller begins to wait. Returns the function that removes the listener. */
  onPending(listener: () => void): () => void
}

/** How a caller asks for a lease. */
export interface LeaseRequest {
  /** Ends the waiting when it aborts. `withLease` then rejects with its reason. */
  readonly signal: AbortSignal
  /**
   * What the caller asks of a holder. `yield` makes its `yieldRequest` pending, `stop` aborts its
   * `lost` as well. With `nothing` the holder is not disturbed, and a lease that is not free is refused
   * at once.
   */
  readonly ask: 'nothing' | 'yield' | 'stop'
  /**
   * True when the task only removes the upload. Such a lease must not need free space: removing uploads
   * is how a full disk becomes usable again.
   */
  readonly isForRemoval?: boolean
}

/** Prevents two writers from changing one upload at the same time. */
export interface Locker {
  /**
   * The directory whose records hold the leases, if that is how the locker works. An upload server
   * refuses any other store.
   */
  readonly directory?: string
  /**
   * The start of every key of the leases, if the locker keeps them under keys, as in Redis. An upload server
   * refuses a store with another prefix.
   */
  readonly keyPrefix?: string

  /**
   * Runs `task` while no other caller holds the lease on `id`, and returns its result. The callers of
   * one process are served in the order in which they called. The lease is released when `task` ends,
   * also when it fails.
   *
   * The engine calls this only for an upload that exists, after the request was authorized. So a locker
   * may keep its leases in the upload's record.
   *
   * Throws `UploadError` with the code `busy` when `ask` is `nothing` and the lease is held, and may
   * throw `not_found` when the upload was removed meanwhile.
   */
  withLease<Result>(
    id: string,
    request: LeaseRequest,
    task: (lease: Lease) => Promise<Result>,
  ): Promise<Result>
}
