/** The longest that a timer waits, in milliseconds. */
const LONGEST = 2 ** 31 - 1

/** Milliseconds to wait. */
export function timeOf(name: string, milliseconds: number): number {
  if (milliseconds >= 1 && milliseconds <= LONGEST) return milliseconds
  throw new TypeError(`${name}: from 1 to ${LONGEST} milliseconds are possible`)
}

/** Milliseconds after which Redis is to forget something, as whole ones; 0 stands for never. */
export function lifetimeOf(name: string, milliseconds: number | undefined): number {
  if (milliseconds === undefined || milliseconds === Number.POSITIVE_INFINITY) return 0
  if (milliseconds >= 1 && milliseconds <= Number.MAX_SAFE_INTEGER / 2) {
    return Math.ceil(milliseconds)
  }
  throw new TypeError(`${name}: at least 1 millisecond is needed`)
}
