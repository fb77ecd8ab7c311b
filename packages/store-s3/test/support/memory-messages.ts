import type { Messages } from '@tusker/core'

/** Messages between the lockers of this process. They arrive a moment later, as over a network. */
export function memoryMessages(): Messages {
  const listeners = new Set<(message: string) => void>()
  return {
    send(message) {
      setImmediate(() => {
        for (const listener of listeners) listener(message)
      })
    },
    async listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
