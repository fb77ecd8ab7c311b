import type { ChildProcess } from 'node:child_process'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Report, Request, Usage } from './servers/support/messages.ts'

/** A server in a process of its own. */
export interface ServerProcess {
  readonly port: number
  readonly pid: number
  usage(): Promise<Usage>
  /** Bytes of memory that the process has, after a garbage collection. */
  memory(): Promise<number>
  startProfile(): Promise<void>
  /** Writes the CPU profile since `startProfile` to a file. */
  stopProfile(path: string): Promise<void>
  stop(): Promise<void>
}

/** Where a server keeps its uploads. */
export interface Place {
  readonly directory: string
  /** The URL of a Redis server; empty where none is needed. */
  readonly redis: string
  /** The URL of an S3 storage, for the servers that keep uploads there. */
  readonly s3?: string
}

/** Starts the program of a server, and waits until it listens. */
export async function startServer(
  programs: string,
  name: string,
  { directory, redis, s3 = '' }: Place,
): Promise<ServerProcess> {
  const child = fork(join(programs, `${name}.mjs`), {
    execArgv: ['--expose-gc'],
    env: {
      ...process.env,
      NODE_ENV: 'production',
      BENCH_DIRECTORY: directory,
      BENCH_REDIS: redis,
      BENCH_S3: s3,
    },
  })
  const started = await nextReport(child)
  if (!('port' in started)) throw new Error(`${name} did not start: ${JSON.stringify(started)}`)

  const ask = async (request: Request): Promise<Report> => {
    const report = nextReport(child)
    child.send(request)
    return report
  }
  return {
    port: started.port,
    pid: child.pid ?? 0,
    async usage() {
      const report = await ask({ ask: 'usage' })
      if (!('user' in report)) throw new Error(`${name} does not report its CPU time`)
      return report
    },
    async memory() {
      const report = await ask({ ask: 'memory' })
      if (!('memory' in report)) throw new Error(`${name} does not report its memory`)
      return report.memory
    },
    async startProfile() {
      await ask({ ask: 'start-profile' })
    },
    async stopProfile(path) {
      await ask({ ask: 'stop-profile', path })
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    },
  }
}

function nextReport(child: ChildProcess): Promise<Report> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      child.off('message', onReport).off('exit', onExit)
    }
    const onReport = (report: unknown): void => {
      done()
      resolve(report as Report)
    }
    const onExit = (code: number | null): void => {
      done()
      reject(new Error(`the server's process ended with code ${code}`))
    }
    child.on('message', onReport).on('exit', onExit)
  })
}
