import { parseArgs } from 'node:util'
import { OPTIONS, variableOf } from './options.ts'
import { UsageError } from './usage-error.ts'

/** A setting as it was given, and where: `--port` or `TUSKER_PORT`. */
export interface GivenValue {
  readonly text: string
  readonly source: string
}

/** What was given on the command line and, where that says nothing, in the environment. */
export interface Given {
  readonly directory: string | undefined
  readonly values: ReadonlyMap<string, GivenValue>
  readonly help: boolean
  readonly version: boolean
}

const SWITCHES = { help: { type: 'boolean', short: 'h' }, version: { type: 'boolean' } } as const

/**
 * Reads the command line and the environment.
 *
 * @throws UsageError for a flag that is none, a value that is missing, or a second directory
 */
export function readGiven(args: readonly string[], environment: NodeJS.ProcessEnv): Given {
  const { flags, positionals } = parsed(args)
  const [directory = setIn(environment, 'directory'), ...more] = positionals
  if (more.length > 0) throw new UsageError(`one directory is enough, not also ${more.join(', ')}`)

  const values = new Map<string, GivenValue>()
  for (const { name } of OPTIONS) {
    const flag = flags[name]
    const variable = setIn(environment, name)
    if (flag !== undefined) values.set(name, { text: String(flag), source: `--${name}` })
    else if (variable !== undefined) values.set(name, { text: variable, source: variableOf(name) })
  }
  return { directory, values, help: flags['help'] === true, version: flags['version'] === true }
}

interface Parsed {
  readonly flags: Readonly<Record<string, string | boolean | undefined>>
  readonly positionals: readonly string[]
}

function parsed(args: readonly string[]): Parsed {
  const own = OPTIONS.map(({ name, value, short }) => {
    const type = value === null ? ('boolean' as const) : ('string' as const)
    return [name, { type, ...(short === undefined ? {} : { short }) }] as const
  })
  const options = { ...Object.fromEntries(own), ...SWITCHES }
  try {
    const { values, positionals } = parseArgs({
      ...{ args: [...args], options },
      ...{ allowPositionals: true, allowNegative: true },
    })
    return { flags: values, positionals }
  } catch (error) {
    throw new UsageError(firstSentence(error), { cause: error })
  }
}

/** Node goes on about arguments that begin with a dash. */
function firstSentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.split(/\. |\n/, 1)[0] ?? message
}

/** An empty variable says nothing. */
function setIn(environment: NodeJS.ProcessEnv, name: string): string | undefined {
  return environment[variableOf(name)] || undefined
}
