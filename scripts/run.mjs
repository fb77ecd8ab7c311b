#!/usr/bin/env node
// `npm run demo`, `npm test` and `npm run test:all` from a fresh clone, with nothing but Node and npm.
//
// They do not need an installed pnpm. The pinned pnpm comes through npx the first time and from
// node_modules afterwards, so a second run needs no network. Nothing here asks a question: there may
// be no terminal.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
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
if (!Object.hasOwn(tasks, name ?? '')) fail(`usage: run.mjs ${Object.keys(tasks).join('|')}`)
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
  const built = spawnTurbo(['build', 'page']).status === 0
  // Most tests wait most of the time: the checks use the processor meanwhile.
  const [tests, checks] = await Promise.all([runTests(), runChecks()])
  console.log(checks.output)
  printNumbers(tests, checks.failed + Number(!built))
}

async function testAll() {
  const built = spawnTurbo(['build', 'page']).status === 0
  const { failed, output } = await runChecks()
  console.log(output)
  run('npm', ['run', 'typecheck'])
  run('npm', ['run', 'packages', '--', '--thorough'])
  run('npm', ['run', 'packages:attw'])
  run('npm', ['run', 'check:release'])
  env.TUSKER_ROUNDS = process.env.TUSKER_ROUNDS ?? '10'
  const { status } = spawnSync('npm', ['run', 'runtimes'], { cwd: root, env, stdio: 'inherit' })
  if (status !== 0) console.error('The runtimes cannot be installed, so they are not tested.')
  env.TUSKER_RUNTIMES = status === 0 ? '1' : '0'
  printNumbers(await runTests(), failed + Number(!built))
}

/** Runs all checks, one after the other. Returns how many groups of them failed, and what they print. */
async function runChecks() {
  const checks = ['check:sources', 'lint:docs', 'lint:packages']
  const groups = windows ? [checks] : [checks, ['packages']]
  let failed = 0
  let output = ''
  for (const group of groups) {
    const command = turboCommand([...group, '--continue', '--concurrency=1'])
    const child = spawn(process.execPath, command, { cwd: root, env, stdio: 'pipe' })
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => (output += text))
    }
    const [status] = await once(child, 'close')
    if (status !== 0) failed += 1
  }
  return { failed, output: output.trim() }
}

/** Runs vitest to its end, and returns its report. */
async function runTests() {
  const scratch = mkdtempSync(join(tmpdir(), 'tusker-test-'))
  const path = join(scratch, 'report.json')
  const options = ['--reporter=default', '--reporter=json', `--outputFile.json=${path}`]
  if (process.env.GITHUB_ACTIONS) options.push('--reporter=github-actions')
  const command = [join(modules, 'vitest/vitest.mjs'), 'run', ...options, ...args]
  // Options of the caller can name projects: with all folders as one project they have no names.
  const testEnv = { ...env, TUSKER_TOGETHER: args.length === 0 ? '1' : '0' }
  const child = spawn(process.execPath, command, { cwd: root, env: testEnv, stdio: 'inherit' })
  const [status] = await once(child, 'close')
  const result = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null
  rmSync(scratch, { recursive: true, force: true })
  if (result === null) fail('The tests did not run to their end.')
  return { status, result }
}

/** Prints the numbers of the run in the last line. A failed check counts as a test. */
function printNumbers({ status, result }, checksFailed) {
  const skipped = result.numPendingTests + result.numTodoTests
  // A file that does not load and a hook that throws are failures as well, and so is a stray rejection.
  const broken = result.testResults.filter(isBroken).length
  const failed = result.numFailedTests + broken || Number(status !== 0)
  const numbers = `${result.numPassedTests} passed, ${failed + checksFailed} failed`
  console.log(`${numbers}${skipped > 0 ? `, ${skipped} skipped` : ''}`)
  process.exitCode = failed + checksFailed > 0 ? 1 : 0
}

function isBroken({ status, message, assertionResults }) {
  const hasFailedTest = assertionResults.some((test) => test.status === 'failed')
  return status === 'failed' && (message !== '' || !hasFailedTest)
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
  return spawnSync(process.execPath, turboCommand(taskNames), { cwd: root, env, stdio })
}

function turboCommand(taskNames) {
  const options = ['--output-logs=errors-only', '--env-mode=loose']
  return [join(modules, 'turbo/bin/turbo'), 'run', ...taskNames, ...options]
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

function fail(message) {
  console.error(message)
  process.exit(1)
}
