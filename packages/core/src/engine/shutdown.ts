import { UploadError } from '../model/error.ts'
import type { Closing, Ports } from './ports.ts'

/** What a client hears from a server that is about to leave. */
export function leaving(): UploadError {
  return new UploadError('unavailable', 'the server is restarting, try again in a moment', {
    headers: { 'retry-after': '1' },
  })
}

/** Refuses what would begin while the server closes. Looking at an upload stays possible. */
export function assertOpen<Context>(ports: Ports<Context>): void {
  if (ports.closing.begun()) throw leaving()
}

/** Makes the switch by which a server closes. */
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
