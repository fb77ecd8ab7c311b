import type { Messages } from '@tusker/core'
import { newName } from '../records/record.ts'

/** Tells processes at once that the lease of an upload was requested or released. */
export interface News {
  /** True while news of other processes arrive. Without them a locker has to look often. */
  isOpen(): boolean
  /** Tells the other processes to look at the record of an upload. */
  tell(id: string): void
  /** Calls `listener` with each news of an upload, until the result is called. */
  watch(id: string, listener: () => void): () => void
}

/** Milliseconds until a locker that could not listen tries again. */
const RETRY = 5_000

/** @param messages undefined where processes only look at records */
export function newsOver(messages: Messages | undefined): News {
  const self = newName()
  const watchers = new Map<string, Set<() => void>>()
  let state: 'idle' | 'opening' | 'open' = 'idle'
  let failedAt = -Infinity

  function hear(message: string): void {
    const [sender = '', id = ''] = message.split(' ')
    if (sender !== self) for (const listener of watchers.get(id) ?? []) listener()
  }

  function open(): void {
    if (messages === undefined || state !== 'idle' || performance.now() - failedAt < RETRY) return
    state = 'opening'
    messages.listen(hear).then(
      () => (state = 'open'),
      () => {
        state = 'idle'
        failedAt = performance.now()
      },
    )
  }

  return {
    isOpen: () => state === 'open',
    tell: (id) => messages?.send(`${self} ${id}`),
    watch(id, listener) {
      open()
      const listeners = watchers.get(id) ?? new Set()
      watchers.set(id, listeners.add(listener))
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0 && watchers.get(id) === listeners) watchers.delete(id)
      }
    },
  }
}
