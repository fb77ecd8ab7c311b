#!/usr/bin/env node
// Rehearses a release in a copy of the work tree, with a private npm registry (verdaccio): version, publish,
// publish again, install by version, use. Build first: `npm run check:release` does.
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './free-port.mjs'
import { call, npm, root } from './packages/call.mjs'

const scratch = mkdtempSync(join(tmpdir(), 'tusker-release-'))
const copy = join(scratch, 'work')
const git = (...args) =>
  call('git', ['-c', 'user.name=release', '-c', 'user.email=release@localhost', ...args], {
    cwd: copy,
  })
const manifests = () =>
  readdirSync(join(copy, 'packages'))
    .map((folder) =>
      JSON.parse(readFileSync(join(copy, 'packages', folder, 'package.json'), 'utf8')),
    )
    .filter((manifest) => manifest.private !== true)
const waiting = () =>
  readdirSync(join(copy, '.changeset')).filter((name) => /^(?!README).*\.md$/.test(name))

const url = `http://localhost:${await freePort()}/`
const registry = await startRegistry()
try {
  await copyWorkTree()
  const before = manifests()[0].version
  if (waiting().length > 0) await call('npm', ['run', 'version'], { cwd: copy })
  const change = "---\n'@tusker/core': minor\n---\n\nA rehearsal.\n"
  writeFileSync(join(copy, '.changeset/rehearsal.md'), change)
  await call('npm', ['run', 'version'], { cwd: copy })
  const version = checkVersions(before)
  await git('add', '--all')
  await git('commit', '--quiet', '--message=Release')
  await publish()
  await checkRegistry(version)
  demand((await publish()) === '', 'a second release publishes something')
  await useFromRegistry(version)
  console.log(`${version} can be released.`)
} finally {
  registry.stop()
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 })
}

async function copyWorkTree() {
  const leftOut = new Set(['.git', '.turbo', 'coverage', 'node_modules'])
  cpSync(root, copy, { recursive: true, filter: (path) => !leftOut.has(basename(path)) })
  const pnpm = join(root, 'node_modules/pnpm/bin/pnpm.cjs')
  const install = ['install', '--frozen-lockfile', '--prefer-offline']
  await call(process.execPath, [pnpm, ...install], { cwd: copy })
  await git('init', '--quiet', '--initial-branch=main')
  await git('add', '--all')
  await git('commit', '--quiet', '--message=Before the release')
}

/** All packages have one version, one minor above the last, with a changelog; no change is left. */
function checkVersions(before) {
  const versions = new Set(manifests().map(({ version }) => version))
  const [version] = versions
  demand(versions.size === 1 && version !== before, `versions: ${[...versions]}, before ${before}`)
  demand(version.split('.')[0] === before.split('.')[0], `a minor change makes ${version}`)
  demand(waiting().length === 0, `changes are left: ${waiting()}`)
  for (const { name } of manifests()) {
    const log = join(copy, name.replace('@tusker', 'packages'), 'CHANGELOG.md')
    demand(existsSync(log), `${name} has no changelog`)
  }
  return version
}

/** As the release workflow does it. Returns the output. */
async function publish() {
  const pnpm = join(root, 'node_modules/pnpm/bin/pnpm.cjs')
  const packages = manifests().map(({ name }) => `--filter=${name}`)
  const pack = [pnpm, '-r', ...packages, 'pack', '--pack-destination', join(scratch, 'packed')]
  await call(process.execPath, pack, { cwd: copy })
  writeFileSync(join(scratch, '.npmrc'), registry.npmrc)
  const env = { ...process.env, npm_config_registry: url, 'npm_config_@tusker:registry': url }
  const script = join(root, 'scripts/publish.mjs')
  return call(process.execPath, [script, 'packed'], { cwd: scratch, env })
}

async function checkRegistry(version) {
  for (const { name } of manifests()) {
    const { versions = {} } = await (await fetch(`${url}${name}`)).json()
    demand(Object.keys(versions).join() === version, `${name} is not in the registry`)
  }
}

/** Installs every package by its version into an empty project, and uploads something with them. */
async function useFromRegistry(version) {
  const app = join(scratch, 'app')
  cpSync(join(root, 'scripts/packages/stranger'), app, { recursive: true })
  writeFileSync(join(app, 'package.json'), '{ "private": true, "type": "module" }')
  writeFileSync(join(app, '.npmrc'), `@tusker:registry=${url}\n`)
  await npm(app, ['install', ...manifests().map(({ name }) => `${name}@${version}`)])
  for (const program of ['use.mjs', 'use.cjs']) await call('node', [program], { cwd: app })
  // npx would take what it kept of an earlier rehearsal for this version.
  const env = { ...process.env, npm_config_cache: join(scratch, 'npx') }
  const command = ['--yes', `@tusker/server@${version}`, '--version']
  const printed = await call('npx', command, { cwd: app, env })
  demand(printed.trim() === version, `@tusker/server --version prints ${printed}`)
}

/** A registry for our packages only, which asks no other registry. It is installed at its first use. */
async function startRegistry() {
  const home = join(root, 'scripts/release/registry')
  const program = join(home, 'node_modules/verdaccio/bin/verdaccio')
  if (!existsSync(program)) await call('npm', ['ci', '--ignore-scripts'], { cwd: home })
  const directory = join(scratch, 'registry')
  mkdirSync(directory)
  const config = join(directory, 'config.json') // JSON is YAML
  writeFileSync(
    config,
    JSON.stringify({
      storage: join(directory, 'storage'),
      auth: { htpasswd: { file: join(directory, 'htpasswd') } },
      packages: { '@tusker/*': { access: '$all', publish: '$authenticated' } },
      web: { enable: false },
      log: { type: 'stdout', level: 'error' },
    }),
  )
  const args = [program, '--config', config, '--listen', new URL(url).port]
  const child = spawn(process.execPath, args, { cwd: directory, stdio: 'ignore' })
  const user = { name: 'release', password: randomUUID() }
  for (let tries = 0; tries < 600; tries += 1) {
    const token = await signUp(user).catch(() => null)
    if (token !== null) {
      const npmrc = `//${new URL(url).host}/:_authToken=${token}\n`
      return { npmrc, stop: () => child.kill('SIGKILL') }
    }
    await sleep(100)
  }
  child.kill('SIGKILL')
  throw new Error('the registry does not start')
}

async function signUp(user) {
  const response = await fetch(`${url}-/user/org.couchdb.user:${user.name}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(user),
  })
  return (await response.json()).token ?? null
}

function demand(holds, otherwise) {
  if (!holds) throw new Error(otherwise)
}
