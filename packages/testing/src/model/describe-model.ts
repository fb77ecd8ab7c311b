import fc from 'fast-check'
import { afterEach, describe, it, vi } from 'vitest'
import { commands } from './commands.ts'
import type { Model } from './oracle.ts'
import type { ReopenableStore } from './system.ts'
import { startReal } from './system.ts'

/** How long and from where to play. */
export interface ModelOptions {
  /** How many sequences are played; each has up to forty commands. */
  readonly runs?: number
  /** Plays the same sequences again: the seed that a failure prints. */
  readonly seed?: number
}

/** Milliseconds. Commands let up to 700 pass, so that some uploads live on and some do not. */
const EXPIRE_AFTER = 1_000

/**
 * Plays random sequences of steps of clients, networks and clocks against a server over this store,
 * and compares every upload with a simple model after each command. A failure prints the shortest
 * sequence that shows it, and the seed to play it again.
 */
export function describeModel(
  name: string,
  openStore: () => ReopenableStore | Promise<ReopenableStore>,
  options: ModelOptions = {},
): void {
  describe(`model: ${name}`, () => {
    afterEach(() => void vi.useRealTimers())

    it('the model and the server agree after every command', { timeout: 120_000 }, async () => {
      const play = fc.asyncProperty(
        fc.commands(commands, { maxCommands: 40, size: 'max' }),
        async (sequence) => {
          const opened = await openStore()
          try {
            const model: Model = { uploads: [], expireAfter: EXPIRE_AFTER }
            const real = startReal(opened, EXPIRE_AFTER)
            await fc.asyncModelRun(() => ({ model, real }), sequence)
          } finally {
            await opened.dispose?.()
          }
        },
      )
      const { runs = 150, seed } = options
      await fc.assert(play, { numRuns: runs, ...(seed === undefined ? {} : { seed }) })
    })
  })
}
