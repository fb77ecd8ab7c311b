import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { onFreePort } from '../../../packages/testing/test/support/free-port.ts'
import type { Demo } from './support/demo-process.ts'
import { DEMO_COMMAND, startDemo } from './support/demo-process.ts'

let directory: string
let demo: Demo
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tusker-log-'))
  demo = await startDemo()
})
afterAll(async () => {
  await demo?.dispose()
  await rm(directory, { recursive: true, force: true })
})

it('a reader of the log that stops does not stop the demo', { timeout: 60_000 }, async () => {
  const { child, url } = await onFreePort(async (port) => {
    const env = { PATH: process.env['PATH'], DATA_DIR: directory, PORT: String(port) }
    const child = spawn(process.execPath, DEMO_COMMAND, {
      cwd: join(import.meta.dirname, '..'),
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    await once(child.stdout, 'data')
    return { child, url: `http://127.0.0.1:${port}` }
  })
  try {
    // Nothing reads standard error. Each of these requests is a line of 8 KiB.
    const path = `/${'x'.repeat(8_000)}`
    for (let count = 0; count < 300; count += 1) {
      expect((await fetch(url + path)).status).toBe(404)
    }
    const gone = once(child, 'exit')
    child.kill('SIGTERM')
    expect((await gone)[0]).toBe(0)
  } finally {
    child.kill('SIGKILL')
  }
})

it('the log does not name the whole URL of an upload, which works like a password', async () => {
  const created = await fetch(`${demo.url}/files`, {
    method: 'POST',
    headers: { 'tus-resumable': '1.0.0', 'upload-length': '0' },
  })
  const path = created.headers.get('location') ?? ''
  const id = path.split('/').at(-1) ?? ''
  expect(id.length).toBeGreaterThan(8)
  await fetch(demo.url + path, { method: 'OPTIONS' })
  await fetch(`${demo.url}/files//${id}/`)
  await expect.poll(() => demo.log()).toMatch(/"method":"GET"/)
  expect(demo.log()).toContain(`/files/${id.slice(0, 4)}…`)
  expect(demo.log()).not.toContain(id)
})

it('the demo warns when other users of the machine can read its data', async () => {
  const open = await mkdtemp(join(tmpdir(), 'tusker-open-'))
  await chmod(open, 0o755)
  const warned = await startDemo({ DATA_DIR: open })
  try {
    await expect.poll(() => warned.log()).toMatch(/"level":40.*DATA_DIR: other users/)
    expect(demo.log()).not.toContain('other users')
  } finally {
    await warned.dispose()
    await rm(open, { recursive: true, force: true })
  }
})
