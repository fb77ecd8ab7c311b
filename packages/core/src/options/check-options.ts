import { parseDuration, parseSize } from './quantity.ts'

/** The values that one option may have. */
export interface OptionRule {
  /** Completes "must be …". */
  readonly allowed: string
  readonly accepts: (value: unknown) => boolean
  /** True if the option is required. */
  readonly isRequired?: boolean
}

/**
 * Checks the options of a public function when it is called. An option that is `undefined` counts as not
 * given.
 *
 * @param caller - the function that was called, for the message
 * @param rules - one rule for each option that exists
 * @throws TypeError that names the option, the value it had and the values it may have
 */
export function checkOptions(
  caller: string,
  options: unknown,
  rules: Readonly<Record<string, OptionRule>>,
): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new TypeError(`${caller}: pass an object of options, not ${shown(options)}`)
  }
  const given = options as Readonly<Record<string, unknown>>
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(rules, name)) throw new TypeError(unknownOption(caller, name, rules))
  }
  for (const [name, rule] of Object.entries(rules)) {
    const value = given[name]
    if (value === undefined && rule.isRequired === true) {
      throw new TypeError(`${caller}: ${name} is missing, it must be ${rule.allowed}`)
    }
    if (value === undefined || rule.accepts(value)) continue
    throw new TypeError(`${caller}: ${name} must be ${rule.allowed}, not ${shown(value)}`)
  }
}

/** The same rule for an option that is required. */
export function required(rule: OptionRule): OptionRule {
  return { ...rule, isRequired: true }
}

/** True or false. */
export const flag: OptionRule = {
  allowed: 'true or false',
  accepts: (value) => typeof value === 'boolean',
}

/** A function. */
export const callback: OptionRule = {
  allowed: 'a function',
  accepts: (value) => typeof value === 'function',
}

/** Text of one character or more. */
export const text: OptionRule = {
  allowed: 'text',
  accepts: (value) => typeof value === 'string' && value !== '',
}

/** A size that `parseSize` reads. */
export const size: OptionRule = {
  allowed: "a whole number of bytes, or text such as '10GiB'",
  accepts: (value) => parseSize(value) !== null,
}

/** A duration that `parseDuration` reads, of at least `least` milliseconds. */
export function duration(least: number): OptionRule {
  const range = least === 0 ? '' : ` from ${least} on`
  return {
    allowed: `milliseconds${range}, or text such as '90s' or '7d'`,
    accepts: (value) => (parseDuration(value) ?? -1) >= least,
  }
}

/** One of some values. */
export function oneOf(...values: readonly string[]): OptionRule {
  return {
    allowed: values.map((value) => `'${value}'`).join(' or '),
    accepts: (value) => values.some((each) => each === value),
  }
}

/** An object or a function that has some methods. */
export function objectWith(allowed: string, ...methods: readonly string[]): OptionRule {
  return {
    allowed,
    accepts(value) {
      if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return false
      const object = value as Readonly<Record<string, unknown>>
      return methods.every((method) => typeof object[method] === 'function')
    },
  }
}

function unknownOption(
  caller: string,
  name: string,
  rules: Readonly<Record<string, OptionRule>>,
): string {
  const names = Object.keys(rules)
  const similar = names
    .map((known) => ({ known, distance: distanceOf(name.toLowerCase(), known.toLowerCase()) }))
    .filter(({ known, distance }) => {
      return distance <= Math.max(2, known.length / 2.5) || name.startsWith(known.slice(0, 3))
    })
    .sort((one, other) => one.distance - other.distance)[0]
  const hint =
    similar === undefined
      ? `the options are ${names.join(', ')}`
      : `did you mean \`${similar.known}\`?`
  return `${caller}: there is no option \`${name}\`, ${hint}`
}

/** The number of characters to insert, remove or replace (Levenshtein). */
function distanceOf(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (const [at, letter] of [...one.slice(0, 64)].entries()) {
    const next = [at + 1]
    for (let index = 1; index <= other.length; index += 1) {
      const replaced = (row[index - 1] ?? 0) + (other[index - 1] === letter ? 0 : 1)
      next.push(Math.min(replaced, (row[index] ?? 0) + 1, (next[index - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[other.length] ?? 0
}

/** A value as it appears in a message. Objects appear only by their type, because they may hold secrets. */
function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 100))
  if (typeof value === 'function') return 'a function'
  if (Array.isArray(value)) return 'an array'
  if (typeof value === 'object' && value !== null) return 'an object'
  return String(value)
}

/** Common rules, for packages that check their own options with `checkOptions`. */
export const optionRules: {
  readonly callback: OptionRule
  readonly duration: typeof duration
  readonly flag: OptionRule
  readonly objectWith: typeof objectWith
  readonly oneOf: typeof oneOf
  readonly required: typeof required
  readonly size: OptionRule
  readonly text: OptionRule
} = { callback, duration, flag, objectWith, oneOf, required, size, text }
