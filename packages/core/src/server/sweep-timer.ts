/** Does something again and again, never two at a time, without keeping the process alive. */
export interface Sweeper {
  /** Begins, where that is possible already. Does nothing once it has begun. */
  start(): void
  stop(): void
}

/** Makes a sweeper that rests `interval` milliseconds between two runs. `sweep` never rejects. */
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
        // Some runtimes allow timers only while a request is handled; the first request starts it.
      }
    },
    stop() {
      stopped = true
      if (timer !== null) clearTimeout(timer)
    },
  }
}

/** Timers cannot wait longer: 2^31 - 1 milliseconds. */
const MAX_DELAY = 2_147_483_647

/** On Node a timer keeps its process alive unless told otherwise; elsewhere it is a number. */
function unref(timer: unknown): void {
  if (typeof timer === 'object' && timer !== null && 'unref' in timer) {
    ;(timer as { unref(): void }).unref()
  }
}
