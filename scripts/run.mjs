#!/usr/bin/env node
// `npm run demo`, `npm test` and `npm run test:all` from a fresh clone, with nothing but Node and npm.
//
// They do not need an installed pnpm. The pinned pnpm comes through npx the first time and from
// node_modules afterwards, so a second run needs no network. Nothing here asks a question: there may
// be no terminal.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')
const windows = process.platform === 'win32'
const env = environment()

const tasks = { demo, test, 'test:all': testAll }
const [name, ...args] = process.argv.slice(2)
if (!Object.hasOwn(tasks, name ?? '')) {
  console.error(`usage: node scripts/run.mjs ${Object.keys(tasks).join('|')}`)
  process.exit(2)
}
requireNode(20, 19)
install()
await tasks[name]()

function demo() {
  const { status, stdout, stderr } = spawnTurbo(['page'], 'pipe')
  if (status !== 0) fail(`${stdout}${stderr}`)
  const command = ['--conditions=@tusker/source', '--import', 'tsx', 'src/main.ts', ...args]
  const child = spawn(process.execPath, command, {
    cwd: join(root, 'apps/demo'),
    env,
    stdio: 'inherit',
    // In a process group of its own, so that a Ctrl-C reaches it once: through this process.
    detached: !windows,
  })
  forwardSignals(child)
  child.once('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
}

/** Builds, checks and tests everything once. `CONTRIBUTING.md` says what `test:all` adds. */
async function test() {
  runTests(await failedChecks())
}

async function testAll() {
  const { ensureRuntimes } = await import('./runtimes.mjs')
  const failed = await failedChecks()
  run(process.execPath, [join(root, 'scripts/check-packages.mjs'), '--thorough'])
  run(process.execPath, [join(root, 'scripts/check-release.mjs')])
  env.TUSKER_ROUNDS = process.env.TUSKER_ROUNDS ?? '10'
  env.TUSKER_RUNTIMES = ensureRuntimes() ? '1' : '0'
  runTests(failed)
}

/** Runs all checks, and returns how many groups of them failed: the tests run all the same. */
async function failedChecks() {
  if (process.env.CI) await requireServers()
  const checks = ['build', 'page', 'typecheck', 'lint', 'lint:docs', 'lint:packages']
  const groups = windows ? [checks] : [checks, ['packages']]
  return groups.filter((group) => spawnTurbo([...group, '--continue']).status !== 0).length
}

/** With CI set, the tests with Redis and a browser must not be skipped. Says so before the builds. */
async function requireServers() {
  const { ensureChromium } = await import('../apps/demo/test/support/chromium.mjs')
  const { ensureRedis } = await import('../packages/store-redis/test/support/redis.mjs')
  if (ensureChromium() === null && process.platform === 'linux') fail('There is no Chromium.')
  try {
    if (!windows) ensureRedis()
  } catch (error) {
    fail(error.message)
  }
}

/** Runs vitest, and prints the numbers of the run in the last line. A failed check counts as a test. */
function runTests(checksFailed) {
  const scratch = mkdtempSync(join(tmpdir(), 'tusker-test-'))
  const summaryFile = join(scratch, 'summary.json')
  const reporters = ['default', './scripts/summary-reporter.mjs']
  if (process.env.GITHUB_ACTIONS) reporters.push('github-actions')
  const { status } = spawnSync(
    process.execPath,
    [
      join(modules, 'vitest/vitest.mjs'),
      'run',
      ...reporters.map((reporter) => `--reporter=${reporter}`),
      ...args,
    ],
    { cwd: root, env: { ...env, TEST_SUMMARY_FILE: summaryFile }, stdio: 'inherit' },
  )
  const summary = existsSync(summaryFile) ? JSON.parse(readFileSync(summaryFile, 'utf8')) : null
  rmSync(scratch, { recursive: true, force: true })
  if (summary === null) fail('The tests did not run to their end.')
  const { passed, skipped } = summary
  const failed = summary.failed + checksFailed
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
  process.exitCode = failed > 0 ? 1 : (status ?? 1)
}

function install() {
  const [command, ...prefix] = pnpm()
  const options = ['--frozen-lockfile', '--prefer-offline', '--reporter=append-only']
  run(command, [...prefix, 'install', ...options, '--loglevel=warn'])
}

function pnpm() {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const version = /^pnpm@([^+]+)/.exec(packageManager)[1]
  const manifest = join(modules, 'pnpm/package.json')
  const installed = existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).version
  return installed === version
    ? [process.execPath, join(modules, 'pnpm/bin/pnpm.cjs')]
    : ['npx', '--yes', '--loglevel=error', `pnpm@${version}`]
}

/** Runs tasks whose results are not in the cache yet. They reach the registry as this process does. */
function spawnTurbo(taskNames, stdio = 'inherit') {
  const options = ['--output-logs=errors-only', '--env-mode=loose']
  const turbo = join(modules, 'turbo/bin/turbo')
  const args = [turbo, 'run', ...taskNames, ...options]
  return spawnSync(process.execPath, args, { cwd: root, env, stdio })
}

/** Runs a program, and ends with its exit code unless that is 0. */
function run(command, commandArgs) {
  const shell = windows && command === 'npx'
  const options = { cwd: root, env, stdio: 'inherit', shell }
  const { status, error } = spawnSync(command, commandArgs, options)
  if (error) throw error
  if (status !== 0) process.exit(status ?? 1)
}

/**
 * npm puts its own settings into the environment of its children, where pnpm and another npm warn
 * about them. Settings for reaching a registry stay.
 */
function environment() {
  const kept =
    /^npm_config_(registry|userconfig|cache|cafile|ca|strict_ssl|(https?_)?proxy|noproxy)$/i
  const npms = /^npm_(config|package|lifecycle|command|execpath|node_execpath)/i
  const inherited = Object.entries(process.env).filter(([key]) => kept.test(key) || !npms.test(key))
  return {
    ...Object.fromEntries(inherited),
    PATH: `${join(modules, '.bin')}${delimiter}${process.env.PATH}`,
    npm_config_update_notifier: 'false',
    TURBO_TELEMETRY_DISABLED: '1',
    TURBO_NO_UPDATE_NOTIFIER: '1',
  }
}

/** Sends each signal to the child once, although a terminal and npm may both send it here. */
function forwardSignals(child) {
  const last = new Map()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      const now = performance.now()
      if (now - (last.get(signal) ?? -Infinity) > 300) child.kill(signal)
      last.set(signal, now)
    })
  }
}

function requireNode(major, minor) {
  const [haveMajor, haveMinor] = process.versions.node.split('.').map(Number)
  if (haveMajor > major || (haveMajor === major && haveMinor >= minor)) return
  fail(`This repository needs Node ${major}.${minor} or newer; this is ${process.version}.`)
}

function fail(message, code = 1) {
  process.stderr.write(message === '' ? '' : `${message}\n`)
  process.exit(code)
}
