import { tmpdir } from 'node:os'
import { parseArgs } from 'node:util'
import type { ServerKind } from './server-list.ts'
import { SERVERS } from './server-list.ts'
import { worksOf } from './works/index.ts'
import { FULL, QUICK } from './works/sizes.ts'
import type { Work } from './works/work.ts'

/** What a run of the benchmark does. */
export interface Options {
  readonly servers: readonly ServerKind[]
  readonly works: readonly Work[]
  readonly rounds: number
  readonly quick: boolean
  /** Leaves out works and rounds that the table of the README does not need. */
  readonly short: boolean
  /** A file for the result. Results that it has of other works or servers stay. */
  readonly json: string | null
  /** A result to report, in place of a measurement. */
  readonly from: string | null
  /** Writes the table and the chart of the README. */
  readonly write: boolean
  /** A directory for CPU profiles. */
  readonly profile: string | null
  /** Where the servers' directories are made. */
  readonly directory: string
}

export const USAGE: string = `npm run bench -- [options]

  --servers NAMES   servers or groups, with commas (default: all)
  --works NAMES     works or groups, with commas (default: all)
  --rounds COUNT    interleaved rounds (default: 3)
  --quick           smaller works
  --short           the works of the README's table; with --rounds 2 about 15 minutes on a quiet machine
  --json FILE       writes the result; other works and servers in FILE stay
  --from FILE       reports a result, and measures nothing
  --write           writes the table and the chart of the README
  --profile DIR     writes a CPU profile of each server and prints its top functions
  --directory DIR   where the servers keep uploads (default: the system's temporary directory)

Servers: ${SERVERS.map(({ name }) => name).join(', ')}
  groups: ${groupsOf(SERVERS)}
Works: ${worksOf(FULL)
  .map(({ name }) => name)
  .join(', ')}
  groups: ${groupsOf(worksOf(FULL))}
`

/**
 * Reads the arguments of the command.
 *
 * @throws Error when an argument, or the name of a server or a work, is not known
 */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      servers: { type: 'string' },
      works: { type: 'string' },
      rounds: { type: 'string', default: '3' },
      quick: { type: 'boolean', default: false },
      short: { type: 'boolean', default: false },
      json: { type: 'string' },
      from: { type: 'string' },
      write: { type: 'boolean', default: false },
      profile: { type: 'string' },
      directory: { type: 'string', default: tmpdir() },
    },
  })
  const rounds = Number(values.rounds)
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error('--rounds takes a whole number from 1')
  return {
    servers: withFloors(chosen('server', SERVERS, values.servers)),
    works: chosen('work', worksOf(values.quick ? QUICK : FULL), values.works).filter(
      (work) => !values.short || work.isInTable,
    ),
    rounds,
    quick: values.quick,
    short: values.short,
    json: values.json ?? null,
    from: values.from ?? null,
    write: values.write,
    profile: values.profile ?? null,
    directory: values.directory,
  }
}

interface Named {
  readonly name: string
  readonly group: string
}

function chosen<T extends Named>(kind: string, all: readonly T[], names?: string): readonly T[] {
  if (names === undefined) return all
  const wanted = names.split(',')
  for (const name of wanted) {
    if (!all.some((one) => one.name === name || one.group === name)) {
      throw new Error(`there is no ${kind} or group "${name}"`)
    }
  }
  return all.filter(({ name, group }) => wanted.includes(name) || wanted.includes(group))
}

/** A ratio needs its floor of the same round, so the floors of the chosen servers are measured too. */
function withFloors(servers: readonly ServerKind[]): readonly ServerKind[] {
  const floors = new Set(servers.map(({ floor }) => floor))
  return SERVERS.filter((server) => servers.includes(server) || floors.has(server.name))
}

function groupsOf(all: readonly Named[]): string {
  return [...new Set(all.map(({ group }) => group))].join(', ')
}
