import cluster from 'node:cluster'
import { once } from 'node:events'

/** Milliseconds after which a worker that died is replaced. */
const PAUSE = 1_000

/** Several processes of the demo behind one port. */
export interface Workers {
  readonly url: string
  /** Shuts all workers down in an orderly way, and resolves to the exit code. */
  end(): Promise<number>
}

/**
 * Starts `count` workers. A worker that dies is replaced, and the other workers take over its uploads.
 * Rejects when a worker ends before it serves.
 */
export async function startWorkers(count: number): Promise<Workers> {
  // Workers accept connections themselves. A connection that the primary hands to a dying worker is lost.
  cluster.schedulingPolicy = cluster.SCHED_NONE
  let isEnding = false
  const served = new Set<number>()
  cluster.on('exit', (worker) => {
    if (isEnding || !served.has(worker.id)) return
    setTimeout(() => {
      if (!isEnding) served.add(cluster.fork().id)
    }, PAUSE)
  })
  async function add(): Promise<string> {
    const worker = cluster.fork()
    const url = await urlOf(worker)
    served.add(worker.id)
    return url
  }
  // Start one worker first, so that the cause of a failed start is printed once.
  const url = await add()
  await Promise.all(Array.from({ length: count - 1 }, add))

  return {
    url,
    async end() {
      isEnding = true
      const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined)
      const codes = await Promise.all(
        workers.map(async (worker) => {
          const gone = once(worker, 'exit') as Promise<[number | null]>
          worker.process.kill('SIGTERM')
          return (await gone)[0]
        }),
      )
      return codes.find((code) => code !== 0) ?? 0
    },
  }
}

async function urlOf(worker: ReturnType<typeof cluster.fork>): Promise<string> {
  const message = once(worker, 'message') as Promise<[{ url: string }]>
  const gone = once(worker, 'exit').then(() => {
    throw new Error('a worker ended before it served')
  })
  const [{ url }] = await Promise.race([message, gone])
  gone.catch(() => {})
  return url
}

/** Reports the URL to the primary process. Does nothing in the primary process itself. */
export function tellUrl(url: string): void {
  process.send?.({ url })
}
