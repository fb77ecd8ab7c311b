import type { Server } from 'node:http'
import type { Http2Server } from 'node:http2'
import { readFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'
import { writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import type { Report, Request, Usage } from './messages.ts'

/** Microseconds between two samples of a profile. */
const SAMPLING = 250

/**
 * Lets the benchmark control this process: reports the port of the server, then answers each
 * question about what the process has used, and records a CPU profile when asked.
 */
export async function control(server: Server | Http2Server): Promise<void> {
  const profiler = new Session()
  process.on('message', (request: Request) => {
    void answer(request, profiler).then(report, (error: unknown) =>
      report({ error: String(error) }),
    )
  })
  process.once('disconnect', () => process.exit())
  if (!server.listening) await listening(server)
  report({ port: (server.address() as AddressInfo).port })
}

/** What a server gets from the benchmark. */
export const settings: {
  readonly directory: string
  readonly redis: string
  readonly s3: string
} = {
  directory: process.env['BENCH_DIRECTORY'] ?? '.',
  redis: process.env['BENCH_REDIS'] ?? '',
  s3: process.env['BENCH_S3'] ?? '',
}

async function answer(request: Request, profiler: Session): Promise<Report> {
  switch (request.ask) {
    case 'usage':
      return usage()
    case 'memory':
      globalThis.gc?.()
      return { memory: process.memoryUsage.rss() }
    case 'start-profile':
      profiler.connect()
      await profiler.post('Profiler.enable')
      await profiler.post('Profiler.setSamplingInterval', { interval: SAMPLING })
      await profiler.post('Profiler.start')
      return { done: true }
    case 'stop-profile': {
      const { profile } = await profiler.post('Profiler.stop')
      await writeFile(request.path, JSON.stringify(profile))
      profiler.disconnect()
      return { done: true }
    }
  }
}

/** The CPU time of this process and of the programs that it ran. */
function usage(): Usage {
  const { user, system } = process.cpuUsage()
  const children = childrenUsage()
  return { user: user + children.user, system: system + children.system }
}

/** Linux counts the time of children that ended in ticks of 10 ms. Other systems are not asked. */
function childrenUsage(): Usage {
  if (process.platform !== 'linux') return { user: 0, system: 0 }
  const stat = readFileSync('/proc/self/stat', 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [user = 0, system = 0] = fields.slice(13, 15).map((ticks) => Number(ticks) * 10_000)
  return { user, system }
}

function listening(server: Server | Http2Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
}

function report(message: Report): void {
  process.send?.(message)
}
