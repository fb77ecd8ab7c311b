/** Milliseconds between two looks at the clock. */
const TICK = 10

/**
 * Measures how many milliseconds `work` takes. The time in which a busy machine did not run this process does not count:
 * it says nothing about the work. Time in which this process used the processor does count, also while it blocked.
 */
export async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  let missed = 0
  let lookedAt = start
  let used = process.cpuUsage()

  function look(): void {
    const now = performance.now()
    const { user, system } = process.cpuUsage(used)
    missed += Math.max(0, now - lookedAt - TICK - (user + system) / 1_000)
    lookedAt = now
    used = process.cpuUsage()
  }

  const ticks = setInterval(look, TICK)
  try {
    await work()
  } finally {
    clearInterval(ticks)
    look()
  }
  return performance.now() - start - missed
}
