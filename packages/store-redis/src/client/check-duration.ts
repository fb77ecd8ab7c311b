/** The longest delay of a timer, in milliseconds. */
const LONGEST = 2 ** 31 - 1

/** Milliseconds to wait. */
export function timeOf(name: string, milliseconds: number): number {
  if (milliseconds >= 1 && milliseconds <= LONGEST) return milliseconds
  throw new TypeError(`${name}: from 1 to ${LONGEST} milliseconds are possible`)
}

/** Whole milliseconds after which a key expires; 0 for never. */
export function lifetimeOf(name: string, milliseconds: number | undefined): number {
  if (milliseconds === undefined || milliseconds === Number.POSITIVE_INFINITY) return 0
  if (milliseconds >= 1 && milliseconds <= Number.MAX_SAFE_INTEGER / 2) {
    return Math.ceil(milliseconds)
  }
  throw new TypeError(`${name}: at least 1 millisecond is needed`)
}
