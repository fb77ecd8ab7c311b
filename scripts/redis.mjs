// Finds a Redis or Valkey server for the tests, or fetches Debian's without installing it.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const OLDEST = [6, 2]
const cache = join(
  dirname(dirname(fileURLToPath(import.meta.url))),
  'node_modules/.cache/tusker-redis',
)
const fetched = join(cache, 'root')

/** A server that answers and is young enough: how to start it, with which variables. Or null. */
export function findRedis() {
  const named = [process.env.REDIS_SERVER_BIN, 'redis-server', 'valkey-server'].filter(Boolean)
  const candidates = [...named.map((bin) => ({ bin, env: {} })), fetchedRedis()]
  for (const { bin, env } of candidates) {
    const version = versionOf(bin, env)
    if (version !== null) return { bin, env, version }
  }
  return null
}

/** Like `findRedis`, fetching it first where that is possible. Throws a sentence that says what to do. */
export function ensureRedis() {
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

function versionOf(bin, env) {
  const { status, stdout } = spawnSync(bin, ['--version'], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  })
  const found = status === 0 ? /v=((\d+)\.(\d+)\.\d+)/.exec(stdout) : null
  if (found === null) return null
  const [major, minor] = [Number(found[2]), Number(found[3])]
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]) ? found[1] : null
}

/** What `fetchRedis` left, which brings its libraries along. */
function fetchedRedis() {
  const libraries = join(fetched, 'usr/lib')
  const folders = existsSync(libraries) ? readdirSync(libraries) : []
  return {
    bin: join(fetched, 'usr/bin/redis-server'),
    env: { LD_LIBRARY_PATH: folders.map((folder) => join(libraries, folder)).join(':') },
  }
}

/**
 * Downloads the Debian packages and unpacks them into the cache: no root, nothing installed, and apt's
 * own state stays as it is. Returns what went wrong, or null.
 */
function fetchRedis() {
  if (spawnSync('apt-get', ['--version']).status !== 0) return 'none was found'
  console.log('Fetching a Redis server for the tests…')
  mkdirSync(cache, { recursive: true })
  const scratch = mkdtempSync(join(cache, 'fetch-'))
  try {
    for (const folder of ['lists/partial', 'archives/partial', 'debs', 'root']) {
      mkdirSync(join(scratch, folder), { recursive: true })
    }
    unpackInto(scratch)
    // Another run may have been as quick.
    if (!existsSync(fetched)) renameSync(join(scratch, 'root'), fetched)
    return null
  } catch (error) {
    return error.message
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

function unpackInto(scratch) {
  const settings = [
    `Dir::State::lists=${scratch}/lists`,
    `Dir::State::status=/dev/null`,
    `Dir::Cache=${scratch}`,
    'APT::Sandbox::User=root',
  ]
  const apt = (...args) =>
    run('apt-get', ['-qq', ...settings.flatMap((one) => ['-o', one]), ...args], `${scratch}/debs`)
  apt('update')
  apt('download', 'redis-server', 'redis-tools')
  const needs = packagesIn(scratch).flatMap((file) => librariesOf(file))
  apt('download', ...new Set(needs))
  for (const file of packagesIn(scratch)) run('dpkg-deb', ['-x', file, `${scratch}/root`])
}

const packagesIn = (scratch) =>
  readdirSync(`${scratch}/debs`).map((name) => join(scratch, 'debs', name))

/** The libraries a package asks for, but for the one every program has loaded. */
function librariesOf(file) {
  const names = run('dpkg-deb', ['-f', file, 'Depends']).split(/[,|]/)
  return names
    .map((name) => name.trim().split(/[ :]/)[0])
    .filter((name) => /^(lib|lua)/.test(name) && name !== 'libc6')
}

function run(command, args, cwd) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  if (status === 0) return stdout
  const last = (stderr ?? '').trim().split('\n').at(-1) || 'it did not start'
  throw new Error(`${command} ${args.at(-1)}: ${last}`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(ensureRedis())
