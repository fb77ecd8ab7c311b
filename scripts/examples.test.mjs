import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'

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

async function freePort() {
  const server = createServer().listen(0)
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
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
