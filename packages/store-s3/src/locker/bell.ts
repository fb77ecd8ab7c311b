import { pause } from './pause.ts'

/** Ends a pause early, also one that begins after the ring. */
export interface Bell {
  ring(): void
  /** Resolves after so many milliseconds, when the bell rings, or when the signal aborts. */
  pause(milliseconds: number, signal: AbortSignal): Promise<void>
}

export function newBell(): Bell {
  let rung = new AbortController()
  return {
    ring: () => rung.abort(),
    async pause(milliseconds, signal) {
      await pause(milliseconds, AbortSignal.any([signal, rung.signal]))
      if (rung.signal.aborted) rung = new AbortController()
    },
  }
}
