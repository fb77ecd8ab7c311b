import type { LeaseLoss } from '../ports/locker.ts'

/** The state behind a lease's `lost`, as its locker sets it. */
export interface LossSwitch extends LeaseLoss {
  /** The lease is lost from now on. Only the first call has an effect. */
  abort(reason: unknown): void
}

/**
 * Creates the state behind a lease's `lost`. It does what an `AbortController` does for a lease: in Node, to make one
 * for each request costs more than the rest of its lease.
 */
export function lossSwitch(): LossSwitch {
  return new Switch()
}

/** A loss that happens when one of two does, for example of the lease in this process or that among processes. */
export function eitherLoss(one: LeaseLoss, other: LeaseLoss): LeaseLoss {
  return new Either(one, other)
}

class Switch implements LossSwitch {
  aborted = false
  reason: unknown
  #listeners: Set<() => void> | null = null

  addEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners ??= new Set()
    this.#listeners.add(listener)
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners?.delete(listener)
  }

  abort(reason: unknown): void {
    if (this.aborted) return
    this.aborted = true
    this.reason = reason
    for (const listener of this.#listeners ?? []) listener()
  }
}

class Either implements LeaseLoss {
  readonly #one: LeaseLoss
  readonly #other: LeaseLoss

  constructor(one: LeaseLoss, other: LeaseLoss) {
    this.#one = one
    this.#other = other
  }

  get aborted(): boolean {
    return this.#one.aborted || this.#other.aborted
  }

  get reason(): unknown {
    return this.#one.aborted ? this.#one.reason : this.#other.reason
  }

  addEventListener(type: 'abort', listener: () => void): void {
    this.#one.addEventListener(type, listener)
    this.#other.addEventListener(type, listener)
  }

  removeEventListener(type: 'abort', listener: () => void): void {
    this.#one.removeEventListener(type, listener)
    this.#other.removeEventListener(type, listener)
  }
}
