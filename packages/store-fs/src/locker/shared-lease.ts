import type { Lease, YieldRequest, YieldRequests } from '@tusker/core'
import { eitherYieldRequest, yieldRequests } from '@tusker/core'

/**
 * A lease of this process among several processes. It is lost when a caller of this process insists on it, or another
 * process. The signal is made on demand: the task of a small request never reads it.
 */
export class SharedLease implements Lease {
  readonly token: number
  /** The yield requests of other processes. */
  readonly requests: YieldRequests = yieldRequests()
  readonly yieldRequest: YieldRequest
  readonly #turn: Lease
  #lost: AbortController | null = null

  /** @param turn the lease among the callers of this process */
  constructor(token: number, turn: Lease) {
    this.token = token
    this.#turn = turn
    this.yieldRequest = eitherYieldRequest(turn.yieldRequest, this.requests)
  }

  get lost(): AbortSignal {
    return this.#controller().signal
  }

  /** Stops the task at once. */
  lose(reason: Error): void {
    this.#controller().abort(reason)
  }

  /** Ends the lease: its turn can no longer be lost. */
  end(): void {
    if (this.#lost !== null) this.#turn.lost.removeEventListener('abort', this.#onTurnLost)
  }

  #controller(): AbortController {
    if (this.#lost !== null) return this.#lost
    this.#lost = new AbortController()
    const { lost } = this.#turn
    if (lost.aborted) this.#onTurnLost()
    lost.addEventListener('abort', this.#onTurnLost)
    return this.#lost
  }

  readonly #onTurnLost = (): void => this.#lost?.abort(this.#turn.lost.reason)
}
