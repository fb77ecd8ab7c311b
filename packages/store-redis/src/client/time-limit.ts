import { setMaxListeners } from 'node:events'

/** Runs work. Rejects, and aborts the signal of the work, when it is not done after the limit. */
export type TimeLimit = <T>(work: (signal: AbortSignal) => Promise<T>) => Promise<T>

/** Work that began within one moment. It shares a timer and a signal: to make them costs more than a command. */
interface Moment {
  readonly endsAt: number
  readonly signal: AbortSignal
  readonly unfinished: Set<(reason: Error) => void>
}

/** The part of the limit that a moment lasts. */
const MOMENT = 1 / 20

/**
 * @param limit milliseconds for which no work is given up. A twentieth part later all of it is.
 * @param late makes the error for work that takes longer
 */
export function timeLimit(limit: number, late: () => Error): TimeLimit {
  const length = limit * MOMENT
  let latest: Moment | null = null

  function begin(endsAt: number): Moment {
    const controller = new AbortController()
    const moment = {
      endsAt,
      signal: controller.signal,
      unfinished: new Set<(reason: Error) => void>(),
    }
    // Each command adds a listener and removes it.
    setMaxListeners(0, controller.signal)
    const timer = setTimeout(() => {
      for (const giveUp of moment.unfinished) giveUp(late())
      controller.abort()
    }, limit + length)
    // A connection with an unanswered command keeps the process alive by itself.
    timer.unref()
    return moment
  }

  function now(): Moment {
    const time = performance.now()
    if (latest === null || time >= latest.endsAt) latest = begin(time + length)
    return latest
  }

  return (work) =>
    new Promise((resolve, reject) => {
      const { signal, unfinished } = now()
      unfinished.add(reject)
      const forget = (): void => void unfinished.delete(reject)
      const result = work(signal)
      result.then(resolve, reject)
      result.then(forget, forget)
    })
}
