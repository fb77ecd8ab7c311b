// Somebody who installs what was published, by name and version, and runs what the README shows.
import { transform } from 'esbuild'
import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { npm, root } from '../packages/call.mjs'

const TUS = { 'tus-resumable': '1.0.0' }
const BYTES = { 'content-type': 'application/offset+octet-stream' }

/** Installs as the README of the Node adapter says, each package by its version, and runs its example. */
export async function runExample(scratch, { url, version }) {
  const readme = readFileSync(join(root, 'packages/adapter-node/README.md'), 'utf8')
  const [, names = ''] = /^npm install (.+)$/m.exec(readme) ?? []
  const app = join(scratch, 'customer')
  mkdirSync(app)
  writeFileSync(join(app, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  writeFileSync(join(app, '.npmrc'), `@tusker:registry=${url}\n`)
  await npm(app, ['install', ...names.split(' ').map((name) => `${name}@${version}`)])

  const source = readFileSync(join(root, 'examples/node.ts'), 'utf8')
  const { code } = await transform(source, { loader: 'ts', format: 'esm' })
  writeFileSync(join(app, 'server.js'), code)
  await withServer(app, async (origin) => {
    const sent = randomBytes(5_000_000)
    const id = await upload(`${origin}/files`, sent)
    const kept = readFileSync(join(app, 'uploads', id))
    if (sha256(kept) !== sha256(sent)) throw new Error('what is kept is not what was uploaded')
  })
  return readdirSync(join(app, 'node_modules/@tusker'))
}

/** Runs the example while `use` runs, and then expects it to end when it is told to. */
async function withServer(app, use) {
  const port = await freePort()
  const child = spawn(process.execPath, ['server.js'], {
    cwd: app,
    env: { ...process.env, PORT: String(port) },
    stdio: 'inherit',
  })
  const ended = once(child, 'exit')
  try {
    const origin = `http://localhost:${port}`
    await answering(origin)
    await use(origin)
    child.kill('SIGTERM')
    const [code] = await ended
    if (code !== 0) throw new Error(`the example ended with ${code}`)
  } finally {
    child.kill('SIGKILL')
  }
}

/** Sends half of the bytes with one request, and the rest from where the server says it is. */
async function upload(endpoint, bytes) {
  const headers = { ...TUS, 'upload-length': String(bytes.length) }
  const created = await fetch(endpoint, { method: 'POST', headers })
  const location = new URL(created.headers.get('location'), endpoint)
  await append(location, bytes.subarray(0, bytes.length / 2), 0)
  const found = await fetch(location, { method: 'HEAD', headers: TUS })
  const offset = Number(found.headers.get('upload-offset'))
  const end = await append(location, bytes.subarray(offset), offset)
  if (end !== bytes.length) throw new Error(`the upload ended at ${end}`)
  return location.pathname.split('/').at(-1)
}

async function append(location, body, offset) {
  const headers = { ...TUS, ...BYTES, 'upload-offset': String(offset) }
  const answer = await fetch(location, { method: 'PATCH', headers, body })
  if (answer.status !== 204) throw new Error(`PATCH: ${answer.status} ${await answer.text()}`)
  return Number(answer.headers.get('upload-offset'))
}

async function answering(origin) {
  for (const end = Date.now() + 30_000; Date.now() < end; await sleep(50)) {
    if (await fetch(origin).then(Boolean, () => false)) return
  }
  throw new Error('the example does not answer')
}

async function freePort() {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex')
}
