import cluster from 'node:cluster'
import { once } from 'node:events'

/** Milliseconds after which a worker that ended by itself is replaced. */
const PAUSE = 1_000

/** Several processes of the demo behind one port. */
export interface Workers {
  readonly url: string
  /** Lets all of them leave in an orderly way, and resolves to the exit code. */
  end(): Promise<number>
}

/**
 * Starts so many of them. One that dies is replaced; what it was doing is taken over by the others.
 * Rejects when one ends before it serves.
 */
export async function startWorkers(count: number): Promise<Workers> {
  // Workers take connections themselves: what is handed to one that is being killed would be lost.
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
  // The first one alone: what keeps it from starting is told once.
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
  const told = once(worker, 'message') as Promise<[{ url: string }]>
  const gone = once(worker, 'exit').then(() => {
    throw new Error('a worker ended before it served')
  })
  const [{ url }] = await Promise.race([told, gone])
  gone.catch(() => {})
  return url
}

/** Tells the process that started this one where it serves. Does nothing where there is none. */
export function tellUrl(url: string): void {
  process.send?.({ url })
}
