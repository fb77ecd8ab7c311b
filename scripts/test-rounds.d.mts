/** 1 in `npm test`, 10 in `npm run test:all`. Tests multiply their rounds by it. */
export const rounds: number

/** True in the long form, which also repeats the suites of a package over its older or rarer hosts. */
export const isLong: boolean

/** A random number from 0 to 1. The seed is printed at the first call; TUSKER_SEED sets it. */
export function random(): number
