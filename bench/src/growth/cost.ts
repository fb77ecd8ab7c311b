import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'

/** The cost of operations in this process. */
export interface Cost {
  /** Microseconds of CPU for each. */
  readonly each: number
  /** The longest time that the event loop was blocked, in milliseconds. */
  readonly block: number
}

/** Milliseconds between two checks of the event loop. */
const RESOLUTION = 1

/** Measures `count` operations, which `run` does. */
export async function costOf(count: number, run: () => Promise<unknown>): Promise<Cost> {
  globalThis.gc?.()
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION })
  delay.enable()
  await sleep(20)
  delay.reset()
  const before = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(before)
  // A block is seen when the next timer runs late.
  await sleep(5)
  delay.disable()
  return { each: (user + system) / count, block: Math.max(0, delay.max / 1e6 - RESOLUTION) }
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
