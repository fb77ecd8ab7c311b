/** The right to change one upload, for as long as a task runs. */
export interface Lease {
  /**
   * The fencing token: it grows with every lease of the same upload, and stores use it to refuse a
   * holder that was overtaken. Null where nobody can be: a lease that only ends by being released.
   */
  readonly token: number | null
  /** Aborts when another caller waits for the lease: give way as soon as nothing is being achieved. */
  readonly wanted: AbortSignal
  /** Aborts when the lease is to be given up at once: its time ran out, or another caller insists. */
  readonly ended: AbortSignal
}

/** How a caller wants a lease. */
export interface LeaseRequest {
  /** Gives up waiting when it aborts; `withLease` then rejects with its reason. */
  readonly signal: AbortSignal
  /**
   * What to ask of a holder: `yield` aborts its `wanted`, `stop` its `ended` as well. With `nothing`
   * the holder is not disturbed, and a lease that is not free is refused at once.
   */
  readonly ask: 'nothing' | 'yield' | 'stop'
}

/** Keeps two writers from touching one upload at a time. */
export interface Locker {
  /**
   * Runs `task` while no other caller holds the lease on `id`, and returns its result. Callers are
   * served in the order they came. The lease is released however `task` ends.
   *
   * Throws `UploadError` with the code `busy` when `ask` is `nothing` and the lease is held.
   */
  withLease<Result>(
    id: string,
    request: LeaseRequest,
    task: (lease: Lease) => Promise<Result>,
  ): Promise<Result>
}
