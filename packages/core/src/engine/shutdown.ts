import { UploadError } from '../model/error.ts'
import type { Closing, Ports } from './ports.ts'

/** The error for requests that a closing server refuses or ends. */
export function leaving(): UploadError {
  return new UploadError('unavailable', 'the server is restarting, try again in a moment', {
    headers: { 'retry-after': '1' },
  })
}

/** Refuses new operations while the server closes. Clients can still read the state of uploads. */
export function assertOpen<Context>(ports: Ports<Context>): void {
  if (ports.closing.begun()) throw leaving()
}

/** Creates the switch that closes a server. */
export function closingSwitch(): Closing & { begin(): void } {
  const listeners = new Set<() => void>()
  let begun = false
  return {
    begun: () => begun,
    begin() {
      begun = true
      for (const listener of listeners) listener()
    },
    onBegin(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
