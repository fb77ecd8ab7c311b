import type { OptionRule } from '@tusker/core'
import { checkOptions as check, optionRules, parseDuration } from '@tusker/core'

/** All options of the functions of this package that take a directory of uploads. */
const RULES = {
  directory: optionRules.required({ ...optionRules.text, allowed: 'the path of a directory' }),
  durability: optionRules.oneOf('process-crash', 'power-loss'),
  disk: optionRules.oneOf('local', 'network'),
  records: optionRules.objectWith('records, such as redisRecords({ client })', 'find', 'change'),
  leaseTtl: {
    allowed: "milliseconds from 100 on, or text such as '5s'",
    accepts: (value) => {
      const time = parseDuration(value) ?? 0
      return time >= 100 && time !== Number.POSITIVE_INFINITY
    },
  },
  shared: optionRules.flag,
} satisfies Readonly<Record<string, OptionRule>>

/** @throws TypeError for an option that is missing, not one of `names`, or not valid */
export function checkOptions(
  caller: string,
  options: unknown,
  names: readonly (keyof typeof RULES)[],
): void {
  check(caller, options, Object.fromEntries(names.map((name) => [name, RULES[name]])))
}
