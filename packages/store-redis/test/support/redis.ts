// Finds a Redis or Valkey server for the tests, or fetches Debian's without installing it.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { canFetch, fetchPackages } from './debian-package.ts'

/** A server to start, with which variables. */
export interface RedisProgram {
  readonly bin: string
  readonly env: Readonly<Record<string, string>>
  readonly version: string
}

const OLDEST = [6, 2] as const
const fetched = join(import.meta.dirname, '../../../../node_modules/.cache/redis')

/** The command and the variables of a server that runs and is new enough, or null. */
export function findRedis(): RedisProgram | null {
  const named = [process.env['REDIS_SERVER_BIN'] ?? '', 'redis-server', 'valkey-server']
  const candidates = [...named.filter(Boolean).map((bin) => ({ bin, env: {} })), fetchedRedis()]
  for (const { bin, env } of candidates) {
    const version = versionOf(bin, env)
    if (version !== null) return { bin, env, version }
  }
  return null
}

/** Like `findRedis`, fetching it first where that is possible. Throws a sentence that says what to do. */
export function ensureRedis(): RedisProgram {
  const found = findRedis()
  if (found !== null) return found
  const trouble = fetchRedis()
  const ready = trouble === null ? findRedis() : null
  if (ready !== null) return ready
  throw new Error(
    `The Redis tests need a Redis or Valkey server, ${OLDEST.join('.')} or newer ` +
      `(${trouble ?? 'the fetched one does not start'}): install one (Debian and Ubuntu: ` +
      'apt-get install redis-server; macOS: brew install redis) or name it in REDIS_SERVER_BIN.',
  )
}

function versionOf(bin: string, env: Readonly<Record<string, string>>): string | null {
  const { status, stdout } = spawnSync(bin, ['--version'], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  })
  const [, version, first, second] = /v=((\d+)\.(\d+)\.\d+)/.exec(stdout) ?? []
  if (status !== 0 || version === undefined) return null
  const [major, minor] = [Number(first), Number(second)]
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]) ? version : null
}

/** The server that `fetchRedis` unpacked, with its libraries. */
function fetchedRedis(): Omit<RedisProgram, 'version'> {
  const libraries = join(fetched, 'usr/lib')
  const folders = existsSync(libraries) ? readdirSync(libraries) : []
  return {
    bin: join(fetched, 'usr/bin/redis-server'),
    env: { LD_LIBRARY_PATH: folders.map((folder) => join(libraries, folder)).join(':') },
  }
}

/** Fetches Debian's server into the cache. Returns the reason of a failure, or null. */
function fetchRedis(): string | null {
  if (!canFetch()) return 'none was found'
  console.log('Fetching a Redis server for the tests…')
  mkdirSync(dirname(fetched), { recursive: true })
  try {
    fetchPackages(['redis-server', 'redis-tools'], fetched, { libraries: true })
    return null
  } catch (error) {
    return (error as Error).message.split('\n').at(-1) ?? ''
  }
}
