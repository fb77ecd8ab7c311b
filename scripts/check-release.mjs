#!/usr/bin/env node
// Rehearses a release in a copy of the work tree, with a private npm registry (verdaccio): version, publish,
// publish again, use, follow docs/getting-started.md. Build first: `npm run check:release` does.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import getPort from 'get-port'
import { call, npm, readJson, root } from './packages/call.mjs'

const scratch = fs.mkdtempSync(join(tmpdir(), 'tusker-release-'))
const copy = join(scratch, 'work')
const manifests = () =>
  fs
    .readdirSync(join(copy, 'packages'))
    .map((name) => readJson(copy, 'packages', name, 'package.json'))
const waiting = () =>
  fs.readdirSync(join(copy, '.changeset')).filter((name) => /^(?!README).*\.md$/.test(name))

const registry = await startRegistry()
const npmrc = `@tusker:registry=${registry.url}\n${registry.url.slice(5)}:_authToken=any\n`
try {
  await copyWorkTree()
  const before = manifests()[0].version
  if (waiting().length > 0) await npm(copy, ['run', 'version'])
  const change = "---\n'@tusker/core': minor\n---\n\nA rehearsal.\n"
  fs.writeFileSync(join(copy, '.changeset/rehearsal.md'), change)
  await npm(copy, ['run', 'version'])
  const version = checkVersions(before)
  await publish()
  assert.equal(await publish(), '', 'a second release publishes something')
  await useFromRegistry(version)
  await followGettingStarted()
  console.log(`${version} can be released.`)
} finally {
  registry.server.close().closeAllConnections()
  fs.rmSync(scratch, { recursive: true, force: true, maxRetries: 5 })
}

async function copyWorkTree() {
  const leftOut = new Set(['.git', '.turbo', 'coverage', 'node_modules'])
  fs.cpSync(root, copy, { recursive: true, filter: (path) => !leftOut.has(basename(path)) })
  const git = ['-c', 'user.name=release', '-c', 'user.email=release@localhost']
  await call('git', ['init', '--quiet', '--initial-branch=main'], { cwd: copy })
  await call('git', ['add', '--all'], { cwd: copy })
  await call('git', [...git, 'commit', '--quiet', '--message=Before the release'], { cwd: copy })
  await call('pnpm', ['install', '--frozen-lockfile', '--prefer-offline'], { cwd: copy })
}

/** All packages have one version, one minor above the last, with a changelog; no change is left. */
function checkVersions(before) {
  const [version, ...others] = new Set(manifests().map((manifest) => manifest.version))
  assert.deepEqual(others, [], 'the packages have several versions')
  assert.notEqual(version, before)
  assert.equal(version.split('.')[0], before.split('.')[0], 'a minor change made a major version')
  assert.deepEqual(waiting(), [], 'changes are left')
  for (const { name } of manifests()) {
    const log = join(copy, name.replace('@tusker', 'packages'), 'CHANGELOG.md')
    assert(fs.existsSync(log), `${name} has no changelog`)
  }
  return version
}

/** As the release workflow does it. Returns the output. */
async function publish() {
  await npm(copy, ['run', 'packages:pack'])
  fs.writeFileSync(join(copy, '.npmrc'), npmrc)
  const { url } = registry
  const env = { ...process.env, npm_config_registry: url, 'npm_config_@tusker:registry': url }
  const command = ['scripts/publish.mjs', 'node_modules/.cache/tusker-packed']
  return call(process.execPath, command, { cwd: copy, env })
}

/** An empty folder in which npm gets our packages from the registry. */
function emptyFolder(name) {
  const folder = join(scratch, name)
  fs.mkdirSync(folder)
  fs.writeFileSync(join(folder, '.npmrc'), npmrc)
  return folder
}

/** Installs every package by its version into an empty project, and uploads something with them. */
async function useFromRegistry(version) {
  const app = emptyFolder('app')
  fs.cpSync(join(root, 'scripts/packages/stranger'), app, { recursive: true })
  fs.writeFileSync(join(app, 'package.json'), '{ "private": true, "type": "module" }')
  await npm(app, ['install', ...manifests().map(({ name }) => `${name}@${version}`)])
  await call('node', ['use.mjs'], { cwd: app })
  // npx would take what it kept of an earlier rehearsal for this version.
  const env = { ...process.env, npm_config_cache: join(scratch, 'npx') }
  const command = ['--yes', `@tusker/server@${version}`, '--version']
  assert.equal((await call('npx', command, { cwd: app, env })).trim(), version)
}

/** For each framework of Node: runs the lines shown, saves the program shown, starts it, and uploads to it. */
async function followGettingStarted() {
  const page = fs.readFileSync(join(root, 'docs/getting-started.md'), 'utf8')
  const [start, ...sections] = page.split(/^## /m)
  const block = (text, language) => text.split(`\`\`\`${language}\n`)[1].split('\n```')[0]
  for (const framework of ['Node', 'Express', 'Koa', 'Fastify', 'Hono']) {
    const section = sections.find((text) => text.startsWith(`${framework}\n`))
    const folder = emptyFolder(framework)
    for (const line of [...block(start, 'sh').split('\n'), block(section, 'sh')]) {
      await npm(folder, line.split(' ').slice(1))
    }
    fs.writeFileSync(join(folder, 'server.js'), block(section, 'ts'))
    await uploadTo(folder).catch((cause) => {
      throw new Error(`docs/getting-started.md, ${framework}: ${cause.message}`, { cause })
    })
  }
}

async function uploadTo(folder) {
  const port = await getPort()
  const env = { ...process.env, PORT: String(port) }
  const stdio = ['ignore', 'pipe', 'inherit']
  const server = spawn(process.execPath, ['server.js'], { cwd: folder, env, stdio })
  const ended = once(server, 'exit')
  try {
    const line = String(await Promise.race([once(server.stdout, 'data'), ended]))
    assert.match(line, /uploads are created/)
    const body = 'hello'
    const type = 'application/offset+octet-stream'
    const headers = { 'tus-resumable': '1.0.0', 'upload-length': '5', 'content-type': type }
    const created = await fetch(`http://localhost:${port}/files`, { method: 'POST', headers, body })
    assert.equal(created.headers.get('upload-offset'), '5', await created.text())
  } finally {
    server.kill('SIGTERM')
    await ended
  }
}

/** A registry for our packages only, which asks no other registry. It is installed at its first use. */
async function startRegistry() {
  const home = join(root, 'scripts/release/registry')
  if (!fs.existsSync(join(home, 'node_modules'))) await npm(home, ['ci', '--ignore-scripts'])
  const { runServer } = createRequire(join(home, 'package.json'))('verdaccio')
  const server = await runServer({
    configPath: join(scratch, 'registry.yaml'),
    storage: join(scratch, 'registry'),
    auth: { htpasswd: { file: join(scratch, 'htpasswd') } },
    packages: { '@tusker/*': { access: '$all', publish: '$all' } },
    web: { enable: false },
    log: { type: 'stdout', level: 'error' },
  })
  await once(server.listen(0), 'listening')
  return { server, url: `http://localhost:${server.address().port}/` }
}
