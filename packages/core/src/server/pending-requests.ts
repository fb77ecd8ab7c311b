/** Counts the operations in progress, so that the server can wait for their end. */
export interface Ongoing {
  track<Result>(work: Promise<Result>): Promise<Result>
  /** Resolves when no operation is in progress. */
  idle(): Promise<void>
}

export function ongoing(): Ongoing {
  let count = 0
  let waiting: (() => void)[] = []

  function end(): void {
    count -= 1
    if (count > 0) return
    for (const resolve of waiting) resolve()
    waiting = []
  }

  return {
    track(work) {
      count += 1
      // The caller gets the promise itself, and with it the error of a failed operation.
      work.then(end, end)
      return work
    },
    async idle() {
      if (count > 0) await new Promise<void>((resolve) => waiting.push(resolve))
    },
  }
}
