/** Counts the operations in progress, so that the server can wait for their end. */
export interface Ongoing {
  track<Result>(work: Promise<Result>): Promise<Result>
  /** Resolves when no operation is in progress. */
  idle(): Promise<void>
}

export function ongoing(): Ongoing {
  let count = 0
  let waiting: (() => void)[] = []

  return {
    async track(work) {
      count += 1
      try {
        return await work
      } finally {
        count -= 1
        if (count === 0) {
          for (const resolve of waiting) resolve()
          waiting = []
        }
      }
    },
    async idle() {
      if (count > 0) await new Promise<void>((resolve) => waiting.push(resolve))
    },
  }
}
