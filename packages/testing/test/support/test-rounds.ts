// How long the tests run that kill processes, storm a locker or try random steps, and their randomness.
// A setup file of vitest too: it gives the seed of TUSKER_SEED to fast-check.
import { randomInt } from 'node:crypto'

/** 1 in `npm test`, 10 in `npm run test:all`. Tests multiply their rounds by it. */
export const rounds: number = Number(process.env['TUSKER_ROUNDS'] ?? 1)

/** True in the long form, which also repeats the suites of a package over its older or rarer hosts. */
export const isLong: boolean = rounds > 1

const seed = process.env['TUSKER_SEED']
if (seed !== undefined) (await import('fast-check')).default.configureGlobal({ seed: Number(seed) })

let state: number | null = null

/** A random number from 0 to 1. The seed is printed at the first call; TUSKER_SEED sets it. */
export function random(): number {
  if (state === null) {
    state = Number(seed ?? randomInt(2 ** 31))
    console.info(`Repeat these random steps with TUSKER_SEED=${state}`)
  }
  // mulberry32
  state = (state + 0x6d2b79f5) | 0
  let bits = Math.imul(state ^ (state >>> 15), 1 | state)
  bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
  return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
}
