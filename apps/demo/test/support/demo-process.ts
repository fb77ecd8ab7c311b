import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { onFreePort } from '../../../../packages/testing/test/support/free-port.ts'

/** The demo as its users run it: a process of its own. */
export interface Demo {
  readonly url: string
  readonly port: number
  readonly dataDirectory: string
  /** Sends a signal, and resolves to the exit code of the process, or to null if the signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>
  /** Restarts it with the same port and data. */
  start(): Promise<void>
  /** The log so far. */
  log(): string
  /** Stops the demo and removes its data. */
  dispose(): Promise<void>
}

const DEMO = join(import.meta.dirname, '../..')

/** The arguments of `node` for the demo: the bundle that `build-demo.ts` builds from the sources. */
export const DEMO_COMMAND: readonly string[] = ['dist/server/main.js']

/** The header field of a client that is signed in as the development user. */
export const SIGNED_IN: Readonly<Record<string, string>> = {
  authorization: `Basic ${btoa('admin:secret')}`,
}

export async function startDemo(settings: Readonly<Record<string, string>> = {}): Promise<Demo> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'tusker-demo-'))
  let logged = ''

  async function launch(port: number): Promise<{ child: ChildProcess; url: string }> {
    const child = spawn(process.execPath, DEMO_COMMAND, {
      cwd: DEMO,
      env: { PATH: process.env['PATH'], DATA_DIR: dataDirectory, PORT: String(port), ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => (logged += text))
    const url = await announcedUrl(child, () => logged)
    return { child, url }
  }

  let running = await onFreePort(launch)
  const { url } = running
  const port = Number(new URL(url).port)

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    const { child } = running
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
    const gone = once(child, 'exit') as Promise<[number | null]>
    child.kill(signal)
    return (await gone)[0]
  }

  return {
    url,
    port,
    dataDirectory,
    end,
    async start() {
      running = await launch(port)
    },
    log: () => logged,
    async dispose() {
      await end('SIGKILL')
      await rm(dataDirectory, { recursive: true, force: true })
    },
  }
}

async function announcedUrl(child: ChildProcess, logged: () => string): Promise<string> {
  if (child.stdout === null) throw new Error('the demo has no standard output')
  for await (const line of createInterface({ input: child.stdout })) {
    const [url] = /http:\/\/\S+/.exec(line) ?? []
    if (url !== undefined) return url.replace(/\/$/, '')
  }
  throw new Error(`the demo ended before it served: ${logged()}`)
}
