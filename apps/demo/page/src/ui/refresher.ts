/** Asks for a refresh. */
export type Refresher = () => void

/**
 * Limits how often `task` runs, without ever putting it off for as long as requests keep coming: the
 * first request runs it at once, those within `interval` milliseconds or during a run cause one more
 * run. A run is never aborted by a newer request.
 */
export function refresher(task: () => Promise<void>, interval: number): Refresher {
  let isBusy = false
  let isRequested = false

  async function run(): Promise<void> {
    isBusy = true
    while (isRequested) {
      isRequested = false
      const pause = new Promise<void>((resolve) => setTimeout(resolve, interval))
      await Promise.allSettled([task(), pause])
    }
    isBusy = false
  }

  return () => {
    isRequested = true
    if (!isBusy) void run()
  }
}
