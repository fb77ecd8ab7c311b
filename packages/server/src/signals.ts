import { constants } from 'node:os'

/** Milliseconds within which a second signal is the same one: a terminal and npx can both send it. */
const ECHO = 300

/**
 * Calls `stop` on the first signal. A second signal ends the process at once, with the usual exit code
 * of 128 plus the signal's number: 130 for SIGINT, 143 for SIGTERM.
 */
export function onSignals(stop: () => void): void {
  let first: number | null = null
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      const now = performance.now()
      if (first === null) {
        first = now
        stop()
      } else if (now - first > ECHO) {
        process.exit(128 + constants.signals[signal])
      }
    })
  }
}
