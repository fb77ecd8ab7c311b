import type { OptionRule } from '@tusker/core'
import { checkOptions as check, optionRules, parseDuration } from '@tusker/core'

/** The longest delay of a timer, in milliseconds. */
const LONGEST = 2 ** 31 - 1

const wait: OptionRule = {
  allowed: `milliseconds from 1 to ${LONGEST}, or text such as '5s'`,
  accepts: (value) => isBetween(parseDuration(value), 1, LONGEST),
}

const lifetime: OptionRule = {
  allowed: "milliseconds from 1 on, or text such as '7d', or Infinity",
  accepts(value) {
    const time = parseDuration(value)
    return time === Number.POSITIVE_INFINITY || isBetween(time, 1, Number.MAX_SAFE_INTEGER / 2)
  },
}

/** All options of the functions of this package. Each function has some of them. */
const RULES = {
  client: optionRules.required({
    allowed: 'a connected client, pool or cluster of Redis',
    accepts: (value) => typeof value === 'object' && value !== null,
  }),
  prefix: { allowed: 'text', accepts: (value) => typeof value === 'string' },
  maxLength: optionRules.size,
  ttl: lifetime,
  expireEndedAfter: lifetime,
  commandTimeout: wait,
  leaseTtl: {
    allowed: `milliseconds from 100 to ${LONGEST}, or text such as '5s'`,
    accepts: (value) => isBetween(parseDuration(value), 100, LONGEST),
  },
  replicas: {
    allowed: 'a whole number from 0 on',
    accepts: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
  },
} satisfies Readonly<Record<string, OptionRule>>

/** The name of an option. */
export type OptionName = keyof typeof RULES

/** @throws TypeError for an option that is missing, not one of `names`, or not valid */
export function checkOptions(
  caller: string,
  options: unknown,
  names: readonly OptionName[],
): asserts options is { readonly [Name in OptionName]?: unknown } {
  check(caller, options, Object.fromEntries(names.map((name) => [name, RULES[name]])))
}

/** Milliseconds to wait, of an option that was checked. */
export function timeOf(value: unknown, usual: number): number {
  return parseDuration(value) ?? usual
}

/** Whole milliseconds after which a key expires; 0 for never. */
export function lifetimeOf(value: unknown): number {
  const time = parseDuration(value)
  return time === null || time === Number.POSITIVE_INFINITY ? 0 : Math.ceil(time)
}

function isBetween(value: number | null, least: number, most: number): boolean {
  return value !== null && value >= least && value <= most
}
