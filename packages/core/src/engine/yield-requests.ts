import type { YieldRequest } from '../ports/locker.ts'

/** The yield requests for one lease, as its locker records them. */
export interface YieldRequests extends YieldRequest {
  /** Makes the request pending for this time in milliseconds, or until `withdraw` is called. */
  ask(milliseconds?: number): void
  /** Ends the request: no caller waits any more. */
  withdraw(): void
}

/** Creates the state behind a lease's `yieldRequest`. No request is pending at first. */
export function yieldRequests(): YieldRequests {
  const listeners = new Set<() => void>()
  let until = -Infinity

  const isPending = (): boolean => performance.now() < until

  return {
    isPending,
    onPending(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    ask(milliseconds = Infinity) {
      const wasPending = isPending()
      until = performance.now() + milliseconds
      if (wasPending) return
      for (const listener of [...listeners]) listener()
    },
    withdraw() {
      until = -Infinity
    },
  }
}

/** A request that is pending while one of two is, for example that of this process or that of another one. */
export function eitherYieldRequest(one: YieldRequest, other: YieldRequest): YieldRequest {
  return {
    isPending: () => one.isPending() || other.isPending(),
    onPending(listener) {
      const remove = [one.onPending(listener), other.onPending(listener)]
      return () => {
        for (const end of remove) end()
      }
    },
  }
}
