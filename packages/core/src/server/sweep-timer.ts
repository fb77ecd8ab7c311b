import { MAX_DELAY } from '../options/quantity.ts'

/** Sweeps at intervals, never twice at the same time, and does not keep the process alive. */
export interface Sweeper {
  /** Starts the timer, if the runtime allows it already. Does nothing if it runs. */
  start(): void
  stop(): void
}

/** Creates a sweeper that waits `interval` milliseconds between two runs. `sweep` must not reject. */
export function sweeper(interval: number | null, sweep: () => Promise<unknown>): Sweeper {
  let timer: ReturnType<typeof setTimeout> | null = null
  let stopped = false

  function schedule(): void {
    if (interval === null || stopped) return
    timer = setTimeout(() => void sweep().finally(schedule), Math.min(interval, MAX_DELAY))
    unref(timer)
  }

  return {
    start() {
      if (timer !== null) return
      try {
        schedule()
      } catch {
        // Some runtimes allow timers only during a request. The first request then starts the timer.
      }
    },
    stop() {
      stopped = true
      if (timer !== null) clearTimeout(timer)
    },
  }
}

/** Allows the process to exit while the timer runs. Only Node needs this; elsewhere a timer is a number. */
function unref(timer: unknown): void {
  if (typeof timer === 'object' && timer !== null && 'unref' in timer) {
    ;(timer as { unref(): void }).unref()
  }
}
