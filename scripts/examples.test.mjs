import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { read } from './check-docs.mjs'
import { blocksOf } from './doc-blocks.mjs'
import { freePort } from './free-port.mjs'

const PROGRAMS = [
  ...['node', 'express', 'koa', 'fastify', 'hono', 'hono-on-node'],
  ...['behind-nginx', 'metrics'],
]
const TUS = { 'tus-resumable': '1.0.0' }

/** Runs an example in a directory of its own, and waits until it serves. */
async function run(name) {
  const cwd = mkdtempSync(join(tmpdir(), 'tusker-example-'))
  const port = await freePort()
  const program = fileURLToPath(new URL(`../examples/${name}.ts`, import.meta.url))
  const args = ['--conditions=@tusker/source', `--import=${import.meta.resolve('tsx')}`, program]
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
    rmSync(cwd, { recursive: true, force: true })
  })
  const origin = `http://localhost:${port}`
  await expect
    .poll(() => fetch(origin).then((answer) => answer.text()), { timeout: 15_000 })
    .toBe('hello')
  return { child, ended, origin }
}

/** Creates an upload and sends its bytes. */
async function upload(origin, text) {
  const created = await fetch(`${origin}/files`, {
    method: 'POST',
    headers: { ...TUS, 'upload-length': String(text.length) },
  })
  expect(created.status).toBe(201)
  const location = new URL(created.headers.get('location'), origin)
  return fetch(location, {
    method: 'PATCH',
    headers: {
      ...TUS,
      'upload-offset': '0',
      'content-type': 'application/offset+octet-stream',
    },
    body: text,
  })
}

describe.each(PROGRAMS)('examples/%s.ts', (name) => {
  it('serves a page and takes an upload, and ends when it is told to', async () => {
    const { child, ended, origin } = await run(name)
    const appended = await upload(origin, 'hello')
    expect([appended.status, appended.headers.get('upload-offset')]).toEqual([204, '5'])
    child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
  })
})

it('examples/metrics.ts counts uploads and their bytes', async () => {
  const { origin } = await run('metrics')
  await upload(origin, 'hello')
  const metrics = await fetch(`${origin}/metrics`).then((answer) => answer.text())
  expect(metrics).toContain('uploads_total{event="created"} 1\n')
  expect(metrics).toContain('uploads_total{event="completed"} 1\n')
  expect(metrics).toContain('upload_bytes_total 5\n')
  expect(metrics).toContain('upload_duration_seconds_count 1\n')
})

/** The commands with curl in a page, and the status that a comment behind each announces. */
function commandsIn(page) {
  return blocksOf(page)
    .filter(({ language, text }) => language === 'sh' && text.includes('curl'))
    .flatMap(({ text }) => text.replaceAll('\\\n', '').trim().split('\n\n'))
    .map((paragraph) => /^(?<command>curl .*)\n# (?<status>\d+)/.exec(paragraph).groups)
}

const curl = it.skipIf(process.platform === 'win32')

curl('the commands in docs/getting-started.md get the answers that stand there', async () => {
  const { origin } = await run('node')
  const commands = commandsIn(read('docs/getting-started.md'))
  expect(commands).toHaveLength(2)
  let id = ''
  for (const { command, status } of commands) {
    const here = command.replace('http://localhost:1080', origin).replace('<id>', id)
    const { stdout } = await promisify(execFile)('sh', ['-c', here])
    expect(stdout).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    id = /location: \/files\/(\w+)/i.exec(stdout)?.[1] ?? id
  }
  expect(id).not.toBe('')
})
