import { setTimeout as sleep } from 'node:timers/promises'

/** The cost of operations in this process. */
export interface Cost {
  /** Microseconds of CPU for each: in JavaScript and libraries, and in the system. */
  readonly user: number
  readonly system: number
  /** The longest turn of the event loop, in milliseconds of the clock and of CPU time. */
  readonly turn: Turn
}

export interface Turn {
  readonly wall: number
  readonly cpu: number
}

/** Both parts of a cost, in microseconds. */
export function sumOf({ user, system }: Cost): number {
  return user + system
}

/** Measures `count` operations, which `run` does. */
export async function costOf(count: number, run: () => Promise<unknown>): Promise<Cost> {
  globalThis.gc?.()
  await sleep(20)
  const longest = watchTurns()
  const before = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(before)
  return { user: user / count, system: system / count, turn: await longest() }
}

/**
 * Measures turns of the event loop between two runs of a timer. The longest of the clock and the longest of CPU
 * time may be different turns: on a busy machine this process has to wait during a turn. The CPU time is that of
 * all threads, so it includes garbage collection and calls that run in the thread pool.
 */
function watchTurns(): () => Promise<Turn> {
  let wall = 0
  let cpu = 0
  let at = performance.now()
  let used = process.cpuUsage()
  const timer = setInterval(() => {
    const now = performance.now()
    const { user, system } = process.cpuUsage(used)
    wall = Math.max(wall, now - at)
    cpu = Math.max(cpu, (user + system) / 1_000)
    at = performance.now()
    used = process.cpuUsage()
  }, 1)
  return async () => {
    // A long turn is seen when the timer runs next.
    await sleep(5)
    clearInterval(timer)
    return { wall, cpu }
  }
}

/** Does something for each number below `count`, some at a time. */
export async function inParallel(
  count: number,
  once: (index: number) => Promise<unknown>,
  width: number = 16,
): Promise<void> {
  let next = 0
  const work = async (): Promise<void> => {
    while (next < count) await once(next++)
  }
  await Promise.all(Array.from({ length: width }, work))
}
