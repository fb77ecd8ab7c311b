import { constants } from 'node:os'

/** Milliseconds in which a second signal is the same one: a terminal and npx may both hand it on. */
const ECHO = 300

/**
 * Calls `leave` with the first signal to end. A second one ends the process at once, with 128 and the
 * signal's number as usual: 130 for SIGINT, 143 for SIGTERM.
 */
export function onSignals(leave: () => void): void {
  let first: number | null = null
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      const now = performance.now()
      if (first === null) {
        first = now
        leave()
      } else if (now - first > ECHO) {
        process.exit(128 + constants.signals[signal])
      }
    })
  }
}
