// Somebody who installs what was published, by name and version, and runs what the READMEs show.
import { transform } from 'esbuild'
import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { npm, root } from '../packages/call.mjs'
import { freePort } from '../free-port.mjs'
import { upload } from './tus-client.mjs'

/** Installs as the README of the Node adapter says, each package by its version, and runs its example. */
export async function runExample(scratch, { url, version }) {
  const readme = readFileSync(join(root, 'packages/adapter-node/README.md'), 'utf8')
  const [, names = ''] = /^npm install (.+)$/m.exec(readme) ?? []
  const app = projectIn(scratch, 'example', url)
  await npm(app, ['install', ...names.split(' ').map((name) => `${name}@${version}`)])

  const source = readFileSync(join(root, 'examples/node.ts'), 'utf8')
  const { code } = await transform(source, { loader: 'ts', format: 'esm' })
  writeFileSync(join(app, 'server.js'), code)
  const port = await freePort()
  const env = { ...process.env, PORT: String(port) }
  const exit = await whileRunning([process.execPath, 'server.js'], { cwd: app, env }, () =>
    uploadTo(`http://localhost:${port}/files`, join(app, 'uploads')),
  )
  if (exit !== 0) refuse(`the example ended with ${exit}`)
  return readdirSync(join(app, 'node_modules/@tusker'))
}

/** Runs the server in one command, as its README says, by its version. */
export async function runCommand(scratch, { url, version }) {
  const app = projectIn(scratch, 'command', url)
  const port = await freePort()
  // What npx keeps of an earlier try would be taken for this version.
  const env = { ...process.env, npm_config_cache: join(scratch, 'npx') }
  const command = ['npx', '--yes', `@tusker/server@${version}`, './kept', '--port', String(port)]
  await whileRunning(command, { cwd: app, env }, () =>
    uploadTo(`http://127.0.0.1:${port}/files`, join(app, 'kept')),
  )
}

/** An empty project that gets our packages from this registry, and others from the usual one. */
function projectIn(scratch, name, url) {
  const app = join(scratch, name)
  mkdirSync(app)
  writeFileSync(join(app, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  writeFileSync(join(app, '.npmrc'), `@tusker:registry=${url}\n`)
  return app
}

/** Runs a program while `use` runs, ends it as a terminal would, and tells its exit code. */
async function whileRunning([command, ...args], options, use) {
  const child = spawn(command, args, { ...options, stdio: 'inherit', detached: true })
  const ended = once(child, 'exit').then(([code]) => code)
  process.once('exit', () => child.exitCode ?? child.signalCode ?? signalAll(child, 'SIGKILL'))
  try {
    await Promise.race([use(), ended.then((code) => refuse(`${command} ended with ${code}`))])
    signalAll(child, 'SIGTERM')
    return await ended
  } finally {
    signalAll(child, 'SIGKILL')
  }
}

/** Whatever a program has started is in its group. */
function signalAll({ pid }, signal) {
  try {
    process.kill(-pid, signal)
  } catch (error) {
    if (error.code !== 'ESRCH') throw error
  }
}

async function uploadTo(endpoint, directory) {
  await answering(endpoint)
  const sent = randomBytes(5_000_000)
  const id = await upload(endpoint, sent)
  const kept = readFileSync(join(directory, id))
  if (sha256(kept) !== sha256(sent)) refuse('what is kept is not what was uploaded')
}

async function answering(url) {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(50)) {
    if (await fetch(url).then(Boolean, () => false)) return
  }
  refuse(`there is no answer at ${url}`)
}

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex')
}

function refuse(why) {
  throw new Error(why)
}
