// The command `npm run bench`: measures servers at works, and reports CPU time as ratios to a floor.
import { rmSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildServers } from './build-servers.ts'
import type { Bench } from './measure.ts'
import { measure, profilePath } from './measure.ts'
import type { Options } from './options.ts'
import { readOptions, USAGE } from './options.ts'
import { writePages } from './report/pages.ts'
import { profileText } from './report/profile.ts'
import { startRedis } from './redis.ts'
import { textTable } from './report/table.ts'
import type { Result, Sample, WorkResult } from './result.ts'
import { merged } from './result.ts'
import type { ServerKind } from './server-list.ts'
import { canDo } from './server-list.ts'
import type { Work } from './works/work.ts'

const args = process.argv.slice(2)
if (args.includes('--help')) console.log(USAGE)
else await main(readOptions(args))

async function main(options: Options): Promise<void> {
  const result = options.from === null ? await run(options) : await readResult(options.from)
  if (options.from !== null && result !== null) console.log(textTable(result, options.servers))
  if (options.write && result !== null) await writePages(result)
}

async function run(options: Options): Promise<Result> {
  const { profile, json, servers } = options
  if (profile !== null) await mkdir(profile, { recursive: true })
  const directory = await mkdtemp(join(options.directory, 'tusker-bench-'))
  const redis = servers.some(({ needsRedis }) => needsRedis) ? await startRedis(directory) : null
  // The server that is being measured ends by itself when this process does.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      rmSync(directory, { recursive: true, force: true })
      process.exit(1)
    })
  }
  const bench = { programs: await buildServers(), directory, profile, redis }
  let result = json === null ? null : await readResult(json)
  try {
    for (const work of options.works) {
      const latest = resultOf(options, await runWork(bench, options, work))
      console.log(textTable(latest, servers))
      result = merged(result, latest)
      if (json !== null) await writeFile(json, JSON.stringify(result, null, 1))
    }
  } finally {
    await redis?.stop()
    await rm(directory, { recursive: true, force: true })
  }
  return result ?? resultOf(options)
}

async function runWork(bench: Bench, options: Options, work: Work): Promise<WorkResult> {
  const servers = options.servers.filter(
    (server) => canDo(server, work) && (!options.short || isShort(server, work)),
  )
  const samples: Record<string, Sample[]> = {}
  for (let round = 0; round < roundsOf(options, work); round += 1) {
    for (const server of servers) {
      const sample = await measure(bench, server, work).catch((error: unknown) => {
        throw new Error(`${server.name} failed at ${work.name}`, { cause: error })
      })
      const floor = server.name === server.floor ? sample : samples[server.floor]?.[round]
      const beside = { ...sample, floor: floor?.value ?? null }
      samples[server.name] = [...(samples[server.name] ?? []), beside]
      const path = profilePath(bench, server, work)
      if (path !== null && round === 0) console.log(await profileText(path))
    }
  }
  const { name, title, unit } = work
  return { name, title, unit, samples }
}

/** A connection at work for ten seconds costs the same each time, so one round of many of them is enough. */
function roundsOf({ rounds, short }: Options, { group }: Work): number {
  return short && group === 'connections' ? 1 : rounds
}

/** What a framework adds shows in small requests, and in one work of many bytes. */
function isShort({ name, floor, group }: ServerKind, work: Work): boolean {
  const isOfFramework = group === 'adapters' || (group === 'floors' && name !== 'floor')
  if (!isOfFramework && floor === 'floor') return true
  return work.group === 'small' || work.group === 'head' || work.name === '5-mib'
}

function resultOf({ quick }: Options, ...works: WorkResult[]): Result {
  const platform = `${process.platform} ${process.arch}`
  return { node: process.versions.node, platform, date: new Date().toISOString(), quick, works }
}

async function readResult(path: string): Promise<Result | null> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  })
  return text === null ? null : (JSON.parse(text) as Result)
}
