/** A number of bytes, or text such as `'10GiB'` or `'500MB'`. `Infinity` means no limit. */
export type Size = number | string

/** Milliseconds, or text such as `'90s'`, `'12h'` or `'7d'`. `Infinity` means no limit. */
export type Duration = number | string

/** The longest delay of a timer in milliseconds: 24 days. A timer with a longer delay would fire at once. */
export const MAX_DELAY: number = 2 ** 31 - 1

const BYTES: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
}

const MILLISECONDS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}

const AMOUNT = /^([0-9]{1,16}(?:\.[0-9]{1,9})?) ?([a-z]*)$/i

/**
 * Reads a number of bytes: a whole number from 0 to 2^53 - 1, `Infinity`, or text such as `'10GiB'`,
 * `'1.5MB'` or `'512'`. Units ignore case: kB, MB, GB, TB are powers of 1000, KiB, MiB, GiB, TiB of 1024.
 *
 * @returns bytes, or null for anything else
 */
export function parseSize(value: unknown): number | null {
  const size = typeof value === 'string' ? amount(value, BYTES, 1) : value
  if (size === Number.POSITIVE_INFINITY) return size
  return Number.isSafeInteger(size) && Number(size) >= 0 ? Number(size) : null
}

/**
 * Reads a duration: milliseconds from 0 to 2^53 - 1, `Infinity`, or text such as `'250ms'`, `'90s'`,
 * `'15m'`, `'12h'`, `'7d'` or `'2w'`. Text needs a unit.
 *
 * @returns milliseconds, or null for anything else
 */
export function parseDuration(value: unknown): number | null {
  const duration = typeof value === 'string' ? amount(value, MILLISECONDS, null) : value
  if (duration === Number.POSITIVE_INFINITY) return duration
  if (typeof duration !== 'number' || !(duration >= 0)) return null
  return duration <= Number.MAX_SAFE_INTEGER ? duration : null
}

function amount(
  text: string,
  units: Readonly<Record<string, number>>,
  bare: number | null,
): number | null {
  const [, digits, unit = ''] = AMOUNT.exec(text.trim()) ?? []
  if (digits === undefined) return null
  const name = unit.toLowerCase()
  const factor = name === '' ? bare : Object.hasOwn(units, name) ? units[name] : null
  return factor === null || factor === undefined ? null : Math.round(Number(digits) * factor)
}
