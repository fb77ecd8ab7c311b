import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** The demo as its users run it: a process of its own. */
export interface Demo {
  readonly url: string
  readonly port: number
  readonly dataDirectory: string
  /** Sends a signal and waits until the process is gone; its exit code, or null for a signal. */
  end(signal: NodeJS.Signals): Promise<number | null>
  /** Starts it again, with the same port and data. */
  start(): Promise<void>
  /** What it has logged so far. */
  log(): string
  /** Ends it for good and removes its data. */
  dispose(): Promise<void>
}

const DEMO = join(import.meta.dirname, '../..')

/** What `node` is given to run the demo from its sources. */
export const DEMO_COMMAND: readonly string[] = [
  '--conditions=@tusker/source',
  '--import',
  'tsx',
  'src/main.ts',
]

/** Signed in as the development user. */
export const SIGNED_IN: Readonly<Record<string, string>> = {
  authorization: `Basic ${btoa('admin:secret')}`,
}

export async function startDemo(settings: Readonly<Record<string, string>> = {}): Promise<Demo> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'tusker-demo-'))
  let logged = ''
  let running: { child: ChildProcess; url: string }

  async function launch(port: string): Promise<{ child: ChildProcess; url: string }> {
    const child = spawn(process.execPath, DEMO_COMMAND, {
      cwd: DEMO,
      env: { PATH: process.env['PATH'], DATA_DIR: dataDirectory, ...settings, PORT: port },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => (logged += text))
    const url = await announcedUrl(child, () => logged)
    return { child, url }
  }

  running = await launch('0')
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
    ...{ url, port, dataDirectory, end },
    async start() {
      running = await launch(String(port))
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
