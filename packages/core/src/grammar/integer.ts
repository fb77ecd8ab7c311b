const DIGITS = /^(?:0|[1-9][0-9]{0,15})$/

/** Reads a non-negative decimal integer up to 2^53 - 1, without sign, spaces or leading zeros. */
export function parseInteger(text: string): number | null {
  if (!DIGITS.test(text)) return null
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : null
}
