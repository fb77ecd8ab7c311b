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

describe('tusker-server prints and exits', () => {
  it.each([
    ['--help', /^Receives resumable uploads[^]* --port <number> /],
    ['-h', /^Receives resumable uploads/],
    ['--version', /^\d+\.\d+\.\d+\n$/],
  ])('tusker-server %s prints its text and exits with 0', async (flag, expected) => {
    const command = run([flag])
    expect(await command.ended).toBe(0)
    expect(command.printed()).toMatch(expected)
  })
})

describe('tusker-server with settings that are not valid', () => {
  it.each([
    [['--port', 'eighty'], {}, '--port: must be a port from 0 to 65535'],
    [['--colour'], {}, "Unknown option '--colour'"],
    [[], { TUSKER_MAX_SIZE: 'huge' }, 'TUSKER_MAX_SIZE: must be a size such as 500MB or 10GiB'],
  ])('tusker-server %j %j exits with 2 and one line', async (args, env, problem) => {
    const command = run(args, { env })
    expect(await command.ended).toBe(2)
    expect(command.printed()).toBe(`${problem}\nSee tusker-server --help\n`)
  })
})

describe('tusker-server that cannot start', () => {
  it('tusker-server exits with 1 when the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    onTestFinished(() => void other.close())
    const { port } = other.address() as AddressInfo
    const command = run([await scratch(), '--port', String(port)])
    expect(await command.ended).toBe(1)
    expect(command.printed()).toBe(`port ${port} is in use; choose another one with --port\n`)
  })

  it('tusker-server exits with 1 when the address belongs to another machine', async () => {
    const command = run([await scratch(), '--host', '192.0.2.1', '--port', '0'])
    expect(await command.ended).toBe(1)
    expect(command.printed()).toBe('192.0.2.1 is not an address of this machine; see --host\n')
  })

  it('tusker-server exits with 1 when the directory is a file', async () => {
    const file = join(await scratch(), 'file')
    await writeFile(file, '')
    const command = run([file])
    expect(await command.ended).toBe(1)
    expect(command.printed()).toBe(`${file} is not a directory; choose another one\n`)
  })

  it.each(['.', 'below'])(
    'tusker-server exits with 1 when --into is %s in the uploads',
    async (into) => {
      const directory = await scratch()
      const command = run([directory, '--into', `${directory}/${into}`])
      expect(await command.ended).toBe(1)
      expect(command.printed()).toMatch(/^--into must be a directory outside/)
    },
  )

  it.runIf(process.platform === 'linux')(
    'tusker-server exits with 1 when the system refuses to create the directory',
    async () => {
      const command = run(['/proc/tusker'])
      expect(await command.ended).toBe(1)
      expect(command.printed()).toMatch(/^cannot use \/proc\/tusker: /)
    },
  )

  it.skipIf(!isRoot)(
    'tusker-server exits with 1 without permission to write (needs root to test)',
    async () => {
      const directory = await scratch()
      await chmod(directory, 0o755)
      const command = run([directory], { uid: 65_534, cwd: tmpdir() })
      expect(await command.ended).toBe(1)
      expect(command.printed()).toBe(`no permission to write to ${directory}; choose another one\n`)
    },
  )
})

describe('tusker-server and connections', () => {
  it('tusker-server keeps idle connections open for longer than load balancers do', async () => {
    const byDefault = run([await scratch(), '--port', '0'])
    const set = run([await scratch(), '--port', '0', '--keep-alive', '2m'])
    const timeouts = [byDefault, set].map(async (server) => {
      const response = await fetch(await server.url(), { method: 'OPTIONS' })
      return response.headers.get('keep-alive')
    })
    expect(await Promise.all(timeouts)).toEqual(['timeout=75', 'timeout=120'])
  })

  it('tusker-server accepts a request head of 60,000 bytes', async () => {
    const server = run([await scratch(), '--port', '0'])
    const response = await fetch(await server.url(), {
      method: 'OPTIONS',
      headers: { 'x-long': 'a'.repeat(60_000) },
    })
    expect(response.status).toBe(204)
  })
})

describe('tusker-server and signals', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    '%s shuts tusker-server down in order, with exit code 0',
    async (signal) => {
      const directory = await scratch()
      const server = run([directory, '--port', '0'])
      const url = await create(await server.url(), 10, 'a.txt')
      expect(await append(url, 0, new TextEncoder().encode('hello'))).toBe(5)
      server.child.kill(signal)
      expect(await server.ended).toBe(0)
      expect(server.printed()).toContain('Shutting down, ')
    },
  )

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'a second %s ends tusker-server at once, with exit code %d',
    { timeout: 60_000 },
    async (signal, code) => {
      const server = run([await scratch(), '--port', '0'])
      await holdOpen(await server.url())
      const start = performance.now()
      // A signal right after the first is an echo, as npx and a terminal make them.
      while (server.child.exitCode === null) {
        server.child.kill(signal)
        await sleep(100)
      }
      expect(await server.ended).toBe(code)
      expect(performance.now() - start).toBeGreaterThan(300)
    },
  )
})

/** Starts a download and does not read it: the server waits for it when it shuts down. */
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
