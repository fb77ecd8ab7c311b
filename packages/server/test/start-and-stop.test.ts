import { once } from 'node:events'
import { chmod, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { append, create } from './support/client.ts'
import { run, scratch } from './support/server-process.ts'

const isRoot = process.getuid?.() === 0

describe('what it was asked for is said, and that is all', () => {
  it.each([
    ['--help', /^Takes resumable uploads[^]* --port <number> /],
    ['-h', /^Takes resumable uploads/],
    ['--version', /^\d+\.\d+\.\d+\n$/],
  ])('%s', async (flag, expected) => {
    const command = run([flag])
    expect(await command.ended).toBe(0)
    expect(command.said()).toMatch(expected)
  })
})

describe('settings that make no sense end it with 2', () => {
  it.each([
    [['--port', 'eighty'], {}, '--port: must be a port from 0 to 65535'],
    [['--colour'], {}, "Unknown option '--colour'"],
    [[], { TUSKER_MAX_SIZE: 'huge' }, 'TUSKER_MAX_SIZE: must be a size such as 500MB or 10GiB'],
  ])('%j %j', async (args, env, problem) => {
    const command = run(args, { env })
    expect(await command.ended).toBe(2)
    expect(command.said()).toBe(`${problem}\nSee tusker-server --help\n`)
  })
})

describe('what keeps it from starting ends it with 1 and a sentence', () => {
  it('a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    onTestFinished(() => void other.close())
    const { port } = other.address() as AddressInfo
    const command = run([await scratch(), '--port', String(port)])
    expect(await command.ended).toBe(1)
    expect(command.said()).toBe(`port ${port} is taken, choose another one with --port\n`)
  })

  it('an address of another machine', async () => {
    const command = run([await scratch(), '--host', '192.0.2.1', '--port', '0'])
    expect(await command.ended).toBe(1)
    expect(command.said()).toBe('192.0.2.1 is no address of this machine, see --host\n')
  })

  it('a file where the directory should be', async () => {
    const file = join(await scratch(), 'file')
    await writeFile(file, '')
    const command = run([file])
    expect(await command.ended).toBe(1)
    expect(command.said()).toBe(`${file} is no directory, choose another one\n`)
  })

  it('one directory for uploads and for files', async () => {
    const directory = await scratch()
    const command = run([directory, '--into', `${directory}/.`])
    expect(await command.ended).toBe(1)
    expect(command.said()).toMatch(/^--into has to be another directory/)
  })

  it.skipIf(!isRoot)('a directory of somebody else (only root can try this)', async () => {
    const directory = await scratch()
    await chmod(directory, 0o755)
    const command = run([directory], { uid: 65_534, cwd: tmpdir() })
    expect(await command.ended).toBe(1)
    expect(command.said()).toBe(`${directory} cannot be written to, choose another one\n`)
  })
})

describe('signals', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    '%s ends it in an orderly way, with 0',
    async (signal) => {
      const directory = await scratch()
      const server = run([directory, '--port', '0'])
      const url = await create(await server.url(), 10, 'a.txt')
      expect(await append(url, 0, new TextEncoder().encode('hello'))).toBe(5)
      server.child.kill(signal)
      expect(await server.ended).toBe(0)
      expect(server.said()).toContain('Ending: ')
    },
  )

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('a second %s ends it at once, with %d', { timeout: 60_000 }, async (signal, code) => {
    const server = run([await scratch(), '--port', '0'])
    await holdOpen(await server.url())
    const start = performance.now()
    // Those that come right after the first are its echo, as npx and a terminal make them.
    while (server.child.exitCode === null) {
      server.child.kill(signal)
      await sleep(100)
    }
    expect(await server.ended).toBe(code)
    expect(performance.now() - start).toBeGreaterThan(300)
  })
})

/** A download that nobody reads keeps a server waiting. */
async function holdOpen(endpoint: string): Promise<void> {
  const bytes = new Uint8Array(64 * 2 ** 20)
  const url = new URL(await create(endpoint, bytes.byteLength, 'large'))
  await append(url.href, 0, bytes)
  const socket = connect(Number(url.port), url.hostname)
  socket.on('error', () => {})
  onTestFinished(() => void socket.destroy())
  socket.write(`GET ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\n\r\n`)
  await once(socket, 'readable')
}
