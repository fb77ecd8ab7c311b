import type { OptionRule } from '../options/check-options.ts'
import {
  callback,
  checkOptions,
  duration,
  flag,
  objectWith,
  oneOf,
  required,
  size,
  text,
} from '../options/check-options.ts'
import { parseDuration, parseSize } from '../options/quantity.ts'
import type { UploadHooks } from '../ports/hooks.ts'
import type { CheckedOptions, UploadServerOptions } from '../options.ts'

/** One rule for each option. A new option without a rule does not compile. */
const RULES: Readonly<Record<keyof UploadServerOptions, OptionRule>> = {
  path: required({
    allowed: "a path such as '/files', or an object with a `match` method",
    accepts: (value) =>
      typeof value === 'string' ? value.startsWith('/') : objectWith('', 'match').accepts(value),
  }),
  store: required(
    objectWith(
      "an upload store, such as fsStore({ directory: './uploads' })",
      'create',
      'find',
      'append',
      'finish',
    ),
  ),
  locker: objectWith('a locker, such as memoryLocker()', 'withLease'),
  hooks: objectWith('an object of hooks'),
  context: objectWith('contextOf<Context>(), which says the type of the context'),
  metadata: {
    allowed: 'a Standard Schema, such as one of zod, valibot or arktype',
    accepts: (value) =>
      objectWith('').accepts(value) && '~standard' in (value as Readonly<Record<string, unknown>>),
  },
  onEvent: callback,
  maxLength: size,
  expireAfter: duration(1),
  expireFrom: oneOf('activity', 'creation'),
  keepCompleted: duration(0),
  sweepEvery: duration(1),
  idleTimeout: duration(1),
  lockTimeout: duration(0),
  keepParts: flag,
  maxFinalsPerPart: {
    allowed: 'a whole number from 1 on, or Infinity',
    accepts: (value) => (parseSize(value) ?? 0) >= 1 && typeof value === 'number',
  },
  checksums: objectWith('a provider of digests, such as checksums()', 'start'),
  digest: text,
  downloads: flag,
  protocols: {
    allowed: 'an array of protocols, such as [tus()]',
    accepts: (value) => Array.isArray(value) && value.length > 0,
  },
  cors: {
    allowed: "false, or a policy such as { origins: ['https://example.com'] }",
    accepts: (value) => value === false || (value !== null && typeof value === 'object'),
  },
  publicUrl: text,
  trustProxy: { ...callback, allowed: 'a function of an address, such as proxies("127.0.0.1")' },
}

const HOOKS: Readonly<Record<keyof UploadHooks, OptionRule>> = {
  identify: callback,
  authorize: callback,
  beforeCreate: callback,
  onComplete: callback,
}

type Quantity =
  | 'maxLength'
  | 'expireAfter'
  | 'keepCompleted'
  | 'sweepEvery'
  | 'idleTimeout'
  | 'lockTimeout'

/** A thousand years. A longer duration means no limit, because the year of an HTTP date has four digits. */
const FOR_EVER = 3e13

/**
 * Checks all options, and parses sizes and durations. Removes a limit of `Infinity` if the default is no
 * limit.
 *
 * @throws TypeError for an option that is missing, unknown or not valid
 */
export function checkedOptions<Context, Values>(
  options: UploadServerOptions<Context, Values>,
): CheckedOptions<Context, Values> {
  checkOptions('createUploadServer', options, RULES)
  if (options.hooks !== undefined) checkOptions('createUploadServer: hooks', options.hooks, HOOKS)
  const read: { [name in Quantity]?: number } = {}
  for (const name of ['sweepEvery', 'idleTimeout', 'lockTimeout'] as const) {
    const value = parseDuration(options[name])
    if (value !== null) read[name] = value
  }
  for (const name of ['expireAfter', 'keepCompleted'] as const) {
    const value = parseDuration(options[name])
    if (value !== null && value < FOR_EVER) read[name] = value
  }
  const maxLength = parseSize(options.maxLength)
  if (maxLength !== null && maxLength !== Number.POSITIVE_INFINITY) read.maxLength = maxLength
  const { maxLength: _length, expireAfter: _expiry, keepCompleted: _keep, ...rest } = options
  return { ...rest, ...read } as CheckedOptions<Context, Values>
}
