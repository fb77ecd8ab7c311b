import type { LeaseRequest } from '@tusker/core'
import type { Subscriber } from '../client/subscriber.ts'

/** Receives messages between holders and waiters. Each of them can get lost. */
export interface LeaseChannel {
  readonly name: string
  /** Starts to listen, once. */
  open(): void
  /** True while messages arrive. */
  isOpen(): boolean
  /** Calls back with yield requests for the holder with this mark, until the result is called. */
  onAsk(mark: string, listener: (ask: LeaseRequest['ask']) => void): () => void
  /** Calls back when a lease was released, until the result is called. */
  onFree(id: string, listener: () => void): () => void
  /** Stops listening. */
  close(): void
}

/** Milliseconds until a failed connection is opened again. */
const RETRY = 5_000

export function leaseChannel(name: string, connect: () => Promise<Subscriber>): LeaseChannel {
  const asks = new Map<string, (ask: LeaseRequest['ask']) => void>()
  const frees = new Map<string, () => void>()
  let state: 'idle' | 'opening' | 'open' | 'closed' = 'idle'
  let subscriber: Subscriber | null = null
  let failedAt = -Infinity

  function hear(message: string): void {
    const space = message.indexOf(' ')
    const kind = message.slice(0, space)
    const subject = message.slice(space + 1)
    if (kind === 'free') frees.get(subject)?.()
    if (kind === 'yield' || kind === 'stop') asks.get(subject)?.(kind)
  }

  async function listen(): Promise<void> {
    const made = await connect()
    subscriber = made
    // It reconnects by itself; meanwhile waiters check Redis on a timer.
    made.on('error', () => {})
    await made.connect()
    await made.subscribe(name, hear)
    // This connection must not keep the process alive.
    made.unref?.()
  }

  function drop(): void {
    try {
      subscriber?.destroy()
    } catch {
      // It was never open, or is closed already.
    }
    subscriber = null
  }

  return {
    name,

    open() {
      if (state !== 'idle' || performance.now() - failedAt < RETRY) return
      state = 'opening'
      listen().then(
        () => {
          if (state === 'closed') drop()
          else state = 'open'
        },
        () => {
          drop()
          failedAt = performance.now()
          if (state === 'opening') state = 'idle'
        },
      )
    },

    isOpen: () => state === 'open' && subscriber?.isReady !== false,

    onAsk(mark, listener) {
      asks.set(mark, listener)
      return () => asks.delete(mark)
    },

    onFree(id, listener) {
      frees.set(id, listener)
      return () => frees.delete(id)
    },

    close() {
      state = 'closed'
      drop()
    },
  }
}
