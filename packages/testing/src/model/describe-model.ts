import fc from 'fast-check'
import { afterEach, describe, it, vi } from 'vitest'
import type { Dialect } from '../client/draft-dialect.ts'
import { commands } from './commands.ts'
import { draftCommands } from './draft-commands.ts'
import type { Model } from './oracle.ts'
import type { ReopenableStore } from './system.ts'
import { startReal } from './system.ts'

/** How long and from where to play. */
export interface ModelOptions {
  /** How many sequences are played; each has up to forty commands. */
  readonly runs?: number
  /** Plays the same sequences again: the seed that a failure prints. */
  readonly seed?: number
  /** The protocol of the clients. With `draft` clients of tus use the same uploads as those of the draft. */
  readonly dialect?: Dialect
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
  const { runs = 150, seed, dialect = 'tus' } = options
  const isBoth = dialect === 'draft'
  const possible = isBoth ? [...commands, ...draftCommands] : commands
  describe(`model: ${name}${isBoth ? ', by clients of tus and of the IETF draft' : ''}`, () => {
    afterEach(() => void vi.useRealTimers())

    const timeout = Math.max(120_000, runs * 1_000)
    it('the model and the server agree after every command', { timeout }, async () => {
      const play = fc.asyncProperty(
        fc.commands(possible, { maxCommands: 40, size: 'max' }),
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
      await fc.assert(play, { numRuns: runs, ...(seed === undefined ? {} : { seed }) })
    })
  })
}
