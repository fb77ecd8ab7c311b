import type { RawConnection } from '@tusker/testing'
import { connectRaw } from '@tusker/testing'
import type { ChildProcess } from 'node:child_process'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../packages/testing/test/support/free-port.ts'
import { startNginx } from './support/nginx.ts'
import { programPath } from './support/programs.ts'

/** Two processes of `examples/behind-nginx.ts` that share a directory. */
export interface Processes {
  readonly directory: string
  readonly ports: readonly number[]
  /** Kills them, as a crash would. */
  kill(...which: number[]): Promise<void>
  start(...which: number[]): Promise<void>
  stop(): Promise<void>
}

/** nginx in front of them. */
export interface Front {
  /** Without TLS, for bytes that are sent one by one. */
  readonly plain: string
  readonly secure: string
  readonly certificate: string
  stop(): Promise<void>
}

const CONFIGURATION = readFileSync(new URL('../nginx.conf', import.meta.url), 'utf8')
const PROGRAM = programPath('behind-nginx')

export async function startProcesses(): Promise<Processes> {
  const directory = mkdtempSync(join(tmpdir(), 'tusker-nginx-'))
  const ports = [await freePort(), await freePort()]
  const running = new Map<number, ChildProcess>()

  async function kill(index: number): Promise<void> {
    const child = running.get(index)
    if (child === undefined || !running.delete(index)) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }

  async function start(index: number): Promise<void> {
    running.set(index, await startProcess(directory, ports[index] ?? 0))
  }

  const both: Processes = {
    directory,
    ports,
    kill: async (...which) => void (await Promise.all(which.map(kill))),
    start: async (...which) => void (await Promise.all(which.map(start))),
    async stop() {
      await both.kill(0, 1)
      rmSync(directory, { recursive: true, force: true })
    },
  }
  await both.start(0, 1)
  return both
}

/** @param change - what is to be different from the configuration in the documentation */
export async function startFront(
  nginx: string,
  { directory: parent, ports }: Processes,
  change = (configuration: string): string => configuration,
): Promise<Front> {
  const directory = mkdtempSync(join(parent, 'nginx-'))
  const [plain, secure] = [await freePort(), await freePort()]
  makeCertificate(directory)
  const http = change(CONFIGURATION)
    .replace(/listen 443 ssl(.*);/, `listen 127.0.0.1:${secure} ssl$1; listen 127.0.0.1:${plain};`)
    .replace('127.0.0.1:1081', `127.0.0.1:${ports[0]}`)
    .replace('127.0.0.1:1082', `127.0.0.1:${ports[1]}`)
    .replaceAll('/etc/nginx/', `${directory}/`)
    .replace('location / {', 'location / { add_header X-Upstream $upstream_addr always;')
  const { stop } = await startNginx(nginx, { directory, http, port: plain })
  const certificate = readFileSync(join(directory, 'certificate.pem'), 'utf8')
  return {
    plain: `http://127.0.0.1:${plain}`,
    secure: `https://localhost:${secure}`,
    certificate,
    stop,
  }
}

async function startProcess(cwd: string, port: number): Promise<ChildProcess> {
  const child = spawn(process.execPath, [PROGRAM], {
    cwd,
    stdio: 'inherit' as const,
    env: { ...process.env, PORT: String(port) },
  })
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${PROGRAM} ended`)
    const answer = await fetch(`http://127.0.0.1:${port}/`).catch(() => null)
    if (answer?.ok === true) return child
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function makeCertificate(directory: string): void {
  const files = ['-keyout', join(directory, 'key.pem'), '-out', join(directory, 'certificate.pem')]
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  const { status, stderr } = spawnSync('openssl', ['req', '-x509', ...key, ...subject, ...files])
  if (status !== 0) throw new Error(`openssl made no certificate: ${String(stderr)}`)
}

/** The path of a URL that may name another host. */
export function pathOf(url: string): string {
  return url.replace(/^https?:\/\/[^/]*/, '')
}

/** Sends what is needed of requests, byte for byte. */
export interface Talk {
  create(length: number, fields?: string): Promise<string>
  /** Begins a PATCH on a connection of its own, and leaves the rest to the caller. */
  begin(location: string, fields: string): Promise<RawConnection>
  offsetOf(location: string): Promise<number | null>
}

const TUS = 'Host: example.com\r\nTus-Resumable: 1.0.0\r\n'

export function talkTo(origin: string): Talk {
  async function once(head: string): Promise<Awaited<ReturnType<RawConnection['answer']>>> {
    const connection = await connectRaw(origin)
    connection.write(`${head}\r\n`)
    const answer = await connection.answer({ head: head.startsWith('HEAD') })
    connection.close()
    return answer
  }

  return {
    async create(length, fields = '') {
      const head = `POST /files HTTP/1.1\r\n${TUS}Upload-Length: ${length}\r\n${fields}`
      const { status, headers } = await once(`${head}Content-Length: 0\r\n`)
      const location = headers['location']
      if (status !== 201 || location === undefined) throw new Error(`created: ${status}`)
      return location
    },
    async begin(location, fields) {
      const connection = await connectRaw(origin)
      const path = pathOf(location)
      const type = 'Content-Type: application/offset+octet-stream\r\n'
      connection.write(`PATCH ${path} HTTP/1.1\r\n${TUS}${type}${fields}\r\n`)
      return connection
    },
    async offsetOf(location) {
      const path = pathOf(location)
      const { status, headers } = await once(`HEAD ${path} HTTP/1.1\r\n${TUS}`)
      return status === 200 ? Number(headers['upload-offset']) : null
    },
  }
}
