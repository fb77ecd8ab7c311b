import type { Ability, Work } from './works/work.ts'

/** Names that `--servers` takes for several servers. */
export type ServerGroup = 'floors' | 'stores' | 'adapters' | 'peers'

/** A server that can be measured. Its program is `servers/NAME.ts`. */
export interface ServerKind {
  readonly name: string
  readonly title: string
  readonly group: ServerGroup
  /** The server beside which this one is read. */
  readonly floor: string
  readonly abilities: readonly Ability[]
  readonly needsRedis?: true
}

const ALL: readonly Ability[] = ['sha1', 'concatenation', 'download', 'range', 'large']
const FRAMEWORKS = ['express', 'koa', 'fastify', 'hono'] as const

/** All servers, in the order of the table. */
export const SERVERS: readonly ServerKind[] = [
  { name: 'floor', title: 'node:http', group: 'floors', floor: 'floor', abilities: ALL },
  tusker('tusker', 'Tusker, one process'),
  tusker('tusker-shared', 'Tusker, shared directory'),
  {
    ...tusker('tusker-redis', 'Tusker, records and leases in Redis'),
    needsRedis: true,
  },
  {
    ...tusker('tusker-redis-store', 'Tusker, all in Redis'),
    abilities: ['sha1', 'concatenation', 'download', 'range'],
    needsRedis: true,
  },
  {
    name: 'tus-node-server',
    title: '@tus/server 2.4.5',
    group: 'peers',
    floor: 'floor',
    abilities: ['large', 'download'],
  },
  {
    name: 'uploadx',
    title: '@uploadx/core 7.0.3',
    group: 'peers',
    floor: 'floor',
    abilities: ['large', 'sha1'],
  },
  ...FRAMEWORKS.flatMap(withFramework),
]

/** Whether a server can do a work. */
export function canDo(server: ServerKind, work: Work): boolean {
  return work.needs.every((ability) => server.abilities.includes(ability))
}

function tusker(name: string, title: string): ServerKind {
  return { name, title, group: 'stores', floor: 'floor', abilities: ALL }
}

function withFramework(framework: (typeof FRAMEWORKS)[number]): ServerKind[] {
  const floor = `${framework}-floor`
  const abilities = framework === 'hono' ? ALL.filter(isUpload) : ALL
  const name = framework[0]?.toUpperCase() + framework.slice(1)
  return [
    { name: floor, title: name, group: 'floors', floor, abilities },
    {
      name: `tusker-${framework}`,
      title: `Tusker in ${name}`,
      group: 'adapters',
      floor,
      abilities,
    },
  ]
}

function isUpload(ability: Ability): boolean {
  return ability !== 'download' && ability !== 'range'
}
