import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RedisProcess } from './redis.ts'
import type { Sample } from './result.ts'
import type { ServerKind } from './server-list.ts'
import type { ServerProcess } from './server-process.ts'
import { startServer } from './server-process.ts'
import type { Work } from './works/work.ts'

/** Milliseconds for work that a server does after its last answer. */
const SETTLE = 100

/** A sample whose floor is not known yet. */
export type Measurement = Omit<Sample, 'floor'>

/** The environment of a measurement. */
export interface Bench {
  /** The directory of the compiled programs. */
  readonly programs: string
  /** Each measurement makes a directory of its own in here. */
  readonly directory: string
  /** A directory for CPU profiles; null for no profile. */
  readonly profile: string | null
  /** The server for those that need one. */
  readonly redis: RedisProcess | null
}

/**
 * Measures one server doing one work, in a fresh process over a fresh directory. Directories with many
 * small files stay until the whole run is over: ext4 makes creating files dear for minutes after many
 * were deleted.
 */
export async function measure(bench: Bench, server: ServerKind, work: Work): Promise<Measurement> {
  const directory = await mkdtemp(join(bench.directory, `${server.name}-${work.name}-`))
  const place = { directory, redis: bench.redis?.url ?? '' }
  const running = await startServer(bench.programs, server.name, place)
  try {
    return await measureRunning(running, work, profilePath(bench, server, work))
  } finally {
    await running.stop()
    if (server.needsRedis === true) await bench.redis?.clear()
    if (work.isLarge) await rm(directory, { recursive: true, force: true })
  }
}

/** Where the profile of a server at a work is written; null when none is wanted. */
export function profilePath(bench: Bench, server: ServerKind, work: Work): string | null {
  return bench.profile === null
    ? null
    : join(bench.profile, `${server.name}-${work.name}.cpuprofile`)
}

async function measureRunning(
  server: ServerProcess,
  work: Work,
  profile: string | null,
): Promise<Measurement> {
  const open = await work.open(server.port)
  try {
    await open.warm()
    await sleep(SETTLE)
    if (profile !== null) await server.startProfile()
    const memory = work.unit === 'KiB each' ? await server.memory() : 0
    const before = await server.usage()
    const start = performance.now()
    await open.run()
    await sleep(SETTLE)
    const after = await server.usage()
    const wall = (performance.now() - start) * 1_000
    const held = work.unit === 'KiB each' ? (await server.memory()) - memory : 0
    if (profile !== null) await server.stopProfile(profile)
    const user = after.user - before.user
    const system = after.system - before.system
    return { user, system, wall, value: valueOf(work, { cpu: user + system, wall, held }) }
  } finally {
    open.close()
  }
}

interface Measured {
  readonly cpu: number
  readonly wall: number
  readonly held: number
}

function valueOf({ unit, amount }: Work, { cpu, wall, held }: Measured): number {
  switch (unit) {
    case 'ms/GiB':
      return cpu / 1_000 / amount
    case 'us each':
      return cpu / amount
    case 'KiB each':
      return held / 1_024 / amount
    case '% of a core':
      return (100 * cpu) / wall
  }
}
