/** Bytes of one slab. Sent one by one, larger ones cost less, and a slow upload needs at least one. */
export const SLAB: number = 256 * 1024

/** The memory for bytes that are being sent, bounded for all uploads of the process. */
export interface Memory {
  /** Bytes of all slabs. */
  readonly size: number
  /** Slabs for at least so many bytes, or null when there are too few. */
  tryTake(bytes: number): Uint8Array[] | null
  /** Waits for enough slabs. Callers get them in their order, and must hold none while they wait. */
  take(bytes: number): Promise<Uint8Array[]>
  give(slabs: readonly Uint8Array[]): void
  /** True while other callers wait. */
  isWanted(): boolean
  /** Calls `release` while other callers wait, to return slabs whose bytes can be read again. The result ends it. */
  onPressure(release: () => void): () => void
}

interface Waiter {
  readonly count: number
  grant(slabs: Uint8Array[]): void
}

/** @param size bytes, rounded down to whole slabs */
export function memoryOf(size: number): Memory {
  const capacity = Math.max(1, Math.floor(size / SLAB))
  const free: Uint8Array[] = []
  const waiters: Waiter[] = []
  const holders = new Set<() => void>()
  let made = 0

  function available(): number {
    return free.length + capacity - made
  }

  function taken(count: number): Uint8Array[] {
    return Array.from({ length: count }, () => {
      const slab = free.pop()
      if (slab !== undefined) return slab
      made += 1
      return new Uint8Array(SLAB)
    })
  }

  function serve(): void {
    for (let next = waiters[0]; next !== undefined; next = waiters[0]) {
      if (available() < next.count) return
      waiters.shift()
      next.grant(taken(next.count))
    }
  }

  return {
    size: capacity * SLAB,

    tryTake(bytes) {
      const count = Math.ceil(bytes / SLAB)
      return waiters.length === 0 && available() >= count ? taken(count) : null
    },

    take(bytes) {
      const count = Math.ceil(bytes / SLAB)
      if (count > capacity) return Promise.reject(new Error(`${bytes} bytes never fit into memory`))
      return new Promise((resolve) => {
        waiters.push({ count, grant: resolve })
        serve()
        if (waiters.length > 0) for (const release of [...holders]) release()
      })
    },

    give(slabs) {
      free.push(...slabs)
      serve()
    },

    isWanted: () => waiters.length > 0,

    onPressure(release) {
      holders.add(release)
      return () => holders.delete(release)
    },
  }
}
