#!/usr/bin/env node
// `npm run demo` and `npm test` from a fresh clone, with nothing but Node and npm.
//
// The pinned pnpm comes through npx the first time and from node_modules afterwards, so a second
// run needs no network. Nothing here asks a question: there may be no terminal.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, constants, tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ensureChromium } from './chromium.mjs'
import { ensureRedis } from './redis.mjs'
import { ensureRuntimes } from './runtimes.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const modules = join(root, 'node_modules')
const windows = process.platform === 'win32'
const env = environment()

const tasks = { demo, test }
const [name, ...args] = process.argv.slice(2)
if (!Object.hasOwn(tasks, name ?? '')) {
  console.error(`usage: node scripts/run.mjs ${Object.keys(tasks).join('|')}`)
  process.exit(2)
}
requireNode(20, 19)
install()
tasks[name]()

function demo() {
  // Its page is built when its sources have changed; otherwise this is a look into a cache.
  turbo(['page'], 'pipe')
  const command = ['--conditions=@tusker/source', '--import', 'tsx', 'src/main.ts', ...args]
  const child = spawn(process.execPath, command, {
    cwd: join(root, 'apps/demo'),
    env,
    stdio: 'inherit',
    // In a process group of its own: a Ctrl-C reaches it through us, once.
    detached: !windows,
  })
  forwardSignals(child)
  child.once('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]))
}

function test() {
  // On a machine for tests only, tests get all that they can use.
  if (process.env.CI) ensureChromium()
  if (process.env.CI && !windows) requireRedis()
  if (process.env.CI || process.env.TUSKER_RUNTIMES === '1') {
    env.TUSKER_RUNTIMES = ensureRuntimes() ? '1' : '0'
  }
  turbo(['build', 'page', 'typecheck', 'lint'])
  checkPackages()
  const scratch = mkdtempSync(join(tmpdir(), 'tusker-test-'))
  const summaryFile = join(scratch, 'summary.json')
  const reporters = ['default', './scripts/summary-reporter.mjs']
  if (process.env.GITHUB_ACTIONS) reporters.push('github-actions')
  const status = spawnSync(
    process.execPath,
    [
      join(modules, 'vitest/vitest.mjs'),
      'run',
      ...reporters.map((reporter) => `--reporter=${reporter}`),
      // Real processes, sockets and clocks: on a machine with other guests one may come too late. Which
      // tests needed it is told, so that none of them does so for long.
      ...(process.env.CI ? ['--retry=1'] : []),
      ...args,
    ],
    { cwd: root, env: { ...env, TEST_SUMMARY_FILE: summaryFile }, stdio: 'inherit' },
  ).status
  const summary = existsSync(summaryFile) ? JSON.parse(readFileSync(summaryFile, 'utf8')) : null
  rmSync(scratch, { recursive: true, force: true })
  if (summary === null) {
    console.error('The tests did not run to their end.')
    process.exit(status || 1)
  }
  const { passed, failed, skipped, again } = summary
  for (const name of again) console.log(`passed only when it was tried again: ${name}`)
  process.exitCode = status ?? 1
  if (failed > 0) process.exitCode ||= 1
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
}

/**
 * Packs them and uses them as strangers do. On a machine for tests only that happens on every line of
 * Node, and a release is played through; GitHub has jobs of their own for both.
 */
function checkPackages() {
  if (windows) return console.log('The packages are not packed and tried on Windows.')
  const thoroughly = process.env.CI && !process.env.GITHUB_ACTIONS
  const onAll = thoroughly ? ['--', '--all-nodes'] : []
  // It has to reach the registry, which the environment says how to do.
  const options = ['--env-mode=loose', '--output-logs=new-only', ...onAll]
  run(process.execPath, [join(modules, 'turbo/bin/turbo'), 'run', 'packages', ...options])
  if (thoroughly) run(process.execPath, [join(root, 'scripts/check-release.mjs')])
}

/** Before the builds, so that nobody waits for them to hear of it. */
function requireRedis() {
  try {
    ensureRedis()
  } catch (error) {
    console.error(error.message)
    process.exit(1)
  }
}

function install() {
  const [command, ...prefix] = pnpm()
  run(command, [
    ...prefix,
    'install',
    '--frozen-lockfile',
    '--config.confirmModulesPurge=false',
    '--reporter=append-only',
    '--loglevel=warn',
  ])
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

/** Runs tasks whose results are not in the cache yet. */
function turbo(taskNames, stdio = 'inherit') {
  const concurrency = `--concurrency=${Math.max(2, availableParallelism())}`
  const options = ['--output-logs=errors-only', concurrency]
  const tool = join(modules, 'turbo/bin/turbo')
  run(process.execPath, [tool, 'run', ...taskNames, ...options], stdio)
}

/** Runs a program, and ends with its exit code if that is not 0. What is piped is shown only then. */
function run(command, commandArgs, stdio = 'inherit') {
  const { status, error, stdout, stderr } = spawnSync(command, commandArgs, {
    cwd: root,
    env,
    stdio,
    shell: windows && command === 'npx',
  })
  if (error) throw error
  if (status === 0) return
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`)
  process.exit(status ?? 1)
}

/**
 * npm puts its own settings into its children's environment, where pnpm and another npm warn about
 * them. What says how to reach a registry stays.
 */
function environment() {
  const kept =
    /^npm_config_(registry|userconfig|cache|cafile|ca|strict_ssl|(https?_)?proxy|noproxy)$/i
  const npms = /^npm_(config|package|lifecycle|command|execpath|node_execpath)/i
  return {
    ...Object.fromEntries(
      Object.entries(process.env).filter(([key]) => kept.test(key) || !npms.test(key)),
    ),
    PATH: `${join(modules, '.bin')}${delimiter}${process.env.PATH}`,
    npm_config_update_notifier: 'false',
    TURBO_TELEMETRY_DISABLED: '1',
    TURBO_NO_UPDATE_NOTIFIER: '1',
  }
}

/** Hands each signal to the child once, though a terminal and npm may both hand it to us. */
function forwardSignals(child) {
  const echo = 300 // ms in which a second one is the same one
  const seen = new Map()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      const before = seen.get(signal) ?? -Infinity
      seen.set(signal, performance.now())
      if (performance.now() - before > echo) child.kill(signal)
    })
  }
}

function requireNode(major, minor) {
  const [haveMajor, haveMinor] = process.versions.node.split('.').map(Number)
  if (haveMajor > major || (haveMajor === major && haveMinor >= minor)) return
  console.error(
    `This repository needs Node ${major}.${minor} or newer; this is ${process.version}.`,
  )
  process.exit(1)
}
