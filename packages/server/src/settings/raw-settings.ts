import { parseArgs } from 'node:util'
import { closestTo } from './closest.ts'
import { OPTIONS, variableOf } from './options.ts'
import { UsageError } from './usage-error.ts'

/** A setting as text, and where it comes from: `--port` or `TUSKER_PORT`. */
export interface RawValue {
  readonly text: string
  readonly source: string
}

/** The command line and, for settings without a flag, the environment. Values are not checked yet. */
export interface RawSettings {
  readonly directory: string | undefined
  readonly values: ReadonlyMap<string, RawValue>
  readonly help: boolean
  readonly version: boolean
  /** Lines about environment variables that name no setting. */
  readonly warnings: readonly string[]
}

const SWITCHES = { help: { type: 'boolean', short: 'h' }, version: { type: 'boolean' } } as const
const FLAGS = [...OPTIONS.map(({ name }) => name), ...Object.keys(SWITCHES)]
const VARIABLES = ['directory', ...OPTIONS.map(({ name }) => name)].map(variableOf)

/**
 * Reads the command line and the environment.
 *
 * @throws UsageError when a flag is unknown, a value is missing, or there is a second directory
 */
export function readRawSettings(
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): RawSettings {
  const { flags, positionals } = parseFlags(args)
  const [directory = variableIn(environment, 'directory'), ...more] = positionals
  if (more.length > 0) throw new UsageError(`unexpected argument: ${more.join(', ')}`)

  const values = new Map<string, RawValue>()
  for (const { name } of OPTIONS) {
    const flag = flags[name]
    const variable = variableIn(environment, name)
    if (flag !== undefined) values.set(name, { text: String(flag), source: `--${name}` })
    else if (variable !== undefined) values.set(name, { text: variable, source: variableOf(name) })
  }
  return {
    directory,
    values,
    help: flags['help'] === true,
    version: flags['version'] === true,
    warnings: unknownVariables(environment),
  }
}

interface Parsed {
  readonly flags: Readonly<Record<string, string | boolean | undefined>>
  readonly positionals: readonly string[]
}

function parseFlags(args: readonly string[]): Parsed {
  const own = OPTIONS.map(({ name, value, short }) => {
    const type = value === null ? ('boolean' as const) : ('string' as const)
    return [name, { type, ...(short === undefined ? {} : { short }) }] as const
  })
  const options = { ...Object.fromEntries(own), ...SWITCHES }
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
      allowNegative: true,
    })
    return { flags: values, positionals }
  } catch (error) {
    throw new UsageError(withSuggestion(firstSentence(error)), { cause: error })
  }
}

/** Node adds advice about arguments that begin with a dash. It does not fit here. */
function firstSentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.split(/\. |\n/, 1)[0] ?? message
}

function withSuggestion(message: string): string {
  const [, unknown] = /^Unknown option '--(?:no-)?([^'=]+)'$/.exec(message) ?? []
  const known = unknown === undefined ? null : closestTo(unknown, FLAGS)
  return known === null ? message : `${message}. Did you mean --${known}?`
}

function unknownVariables(environment: NodeJS.ProcessEnv): readonly string[] {
  return Object.keys(environment)
    .filter((name) => name.startsWith('TUSKER_') && !VARIABLES.includes(name))
    .map((name) => {
      const known = closestTo(name, VARIABLES)
      return `${name} is not a setting${known === null ? '' : `. Did you mean ${known}?`}`
    })
}

/** An empty variable counts as absent. */
function variableIn(environment: NodeJS.ProcessEnv, name: string): string | undefined {
  return environment[variableOf(name)] || undefined
}
