import type { ChildProcess } from 'node:child_process'
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { freePort } from '../../packages/testing/test/support/free-port.ts'
import { PROGRAMS, programPath } from './support/programs.ts'

interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<unknown[]>
  readonly origin: string
}

const TUS = { 'tus-resumable': '1.0.0' }

/** Runs an example in a directory of its own, and waits until it serves. */
async function run(name: string): Promise<Running> {
  const cwd = mkdtempSync(join(tmpdir(), 'tusker-example-'))
  const port = await freePort()
  const child = spawn(process.execPath, [programPath(name)], {
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
  await expect.poll(() => fetch(origin).then((response) => response.text())).toBe('hello')
  return { child, ended, origin }
}

/** Creates an upload and sends its bytes. */
async function upload(origin: string, text: string): Promise<Response> {
  const created = await fetch(`${origin}/files`, {
    method: 'POST',
    headers: { ...TUS, 'upload-length': String(text.length) },
  })
  expect(created.status).toBe(201)
  const location = new URL(created.headers.get('location') ?? '', origin)
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

it.each(PROGRAMS)(
  'examples/%s.ts serves a page, takes an upload, and ends at SIGTERM',
  async (name) => {
    const { child, ended, origin } = await run(name)
    const appended = await upload(origin, 'hello')
    expect([appended.status, appended.headers.get('upload-offset')]).toEqual([204, '5'])
    child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
  },
)

it('examples/metrics.ts counts uploads and their bytes', async () => {
  const { origin } = await run('metrics')
  await upload(origin, 'hello')
  const metrics = await fetch(`${origin}/metrics`).then((response) => response.text())
  expect(metrics).toContain('uploads_total{event="created"} 1\n')
  expect(metrics).toContain('uploads_total{event="completed"} 1\n')
  expect(metrics).toContain('upload_bytes_total 5\n')
  expect(metrics).toContain('upload_duration_seconds_count 1\n')
})

const curl = it.skipIf(process.platform === 'win32')

curl(
  'the curl commands of docs/getting-started.md get the answers that the page shows',
  async () => {
    const { origin } = await run('node')
    const page = readFileSync(join(import.meta.dirname, '../../docs/getting-started.md'), 'utf8')
    // A command may have several lines. A comment below it shows the status.
    const commands = [...page.matchAll(/^(curl (?:[^\n]*\\\n)*[^\n]*)\n# (\d+)/gm)]
    expect(commands).toHaveLength(2)
    let id = ''
    for (const [, command = '', status] of commands) {
      const here = command.replace('http://localhost:1080', origin).replace('<id>', id)
      const { stdout } = await promisify(execFile)('sh', ['-c', here])
      expect(stdout).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
      id = /location: \/files\/(\w+)/i.exec(stdout)?.[1] ?? id
    }
    expect(id).not.toBe('')
  },
)
