// The command `npm run bench:s3`: Tusker and @tus/server over one S3 gateway of Ceph.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Way } from './s3/client.ts'
import type { CountingProxy } from './s3/counting-proxy.ts'
import { startProxy } from './s3/counting-proxy.ts'
import { holeTest } from './s3/hole.ts'
import type { S3Server } from './s3/storage.ts'
import { buildS3Servers, S3_SERVERS, startS3Server, startStorage } from './s3/storage.ts'
import { costOf, growthOf, requestsOf } from './s3/works.ts'
import { MIB } from './works/sizes.ts'

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: 'holes,requests,cost,throughput,memory' },
    directory: { type: 'string', default: tmpdir() },
  },
})
const SIZES: Readonly<Record<string, number>> = {
  '4 KiB': 4_096,
  '64 KiB': 65_536,
  '6 MiB': 6 * MIB,
  '64 MiB': 64 * MIB,
}
const WAYS: readonly Way[] = ['POST, PATCH', 'POST with bytes']

const WORKS: Readonly<Record<string, (endpoint: string, proxy: CountingProxy) => Promise<void>>> = {
  holes: (_, proxy) =>
    each(proxy.endpoint, async ({ port }, name) => {
      for (const refused of [2, 4]) {
        console.log(`${name}, part ${refused} refused: ${await holeTest(port, proxy, refused)}`)
      }
    }),

  requests: (_, proxy) =>
    each(proxy.endpoint, async (server, name) => {
      for (const way of WAYS) {
        for (const [size, length] of Object.entries(SIZES)) {
          const counts = await requestsOf(server, proxy, length, way)
          const sum = Object.values(counts).reduce((all, count) => all + count, 0)
          const list = Object.entries(counts).map(([kind, count]) => `${count} ${kind}`)
          console.log(`${name}, ${way}, ${size}: ${sum} requests (${list.sort().join(', ')})`)
        }
      }
    }),

  cost: (endpoint) =>
    each(endpoint, async (server, name) => {
      for (const [size, length] of Object.entries(SIZES)) {
        const { cpu, time } = await costOf(server, length, length > MIB ? 5 : 100)
        console.log(`${name}, ${size}: ${cpu.toFixed(1)} ms of CPU, ${time.toFixed(0)} ms`)
      }
    }),

  throughput: (endpoint) =>
    each(endpoint, async (server, name) => {
      const { cpu, time } = await costOf(server, 256 * MIB, 2)
      const speed = 256_000 / time
      console.log(`${name}, 256 MiB: ${speed.toFixed(0)} MiB/s, ${cpu.toFixed(0)} ms of CPU`)
    }),

  memory: (endpoint) =>
    each(endpoint, async (server, name) => {
      const { memory, files } = await growthOf(server)
      console.log(
        `${name}, 8 x 64 MiB: memory +${memory.toFixed(0)} MiB, files ${files.toFixed(0)} MiB`,
      )
    }),
}

const directory = await mkdtemp(join(values.directory, 'tusker-s3-'))
const programs = await buildS3Servers()
try {
  for (const work of values.only.split(',')) await withStorage(work)
} finally {
  await rm(directory, { recursive: true, force: true })
}

/** Does a work over an empty storage: its disk is in memory, and has room for 4 GiB. */
async function withStorage(name: string): Promise<void> {
  const work = WORKS[name]
  if (work === undefined) throw new Error(`there is no work ${name}`)
  const storage = await startStorage()
  const proxy = await startProxy(storage.endpoint)
  try {
    await work(storage.endpoint, proxy)
  } finally {
    proxy.close()
    await storage.stop()
  }
}

/** Runs a work over each of the two servers, each in a new process. */
async function each(s3: string, work: (server: S3Server, name: string) => Promise<void>) {
  for (const name of S3_SERVERS) {
    const server = await startS3Server(programs, name, { directory, s3 })
    try {
      await work(server, name)
    } finally {
      await server.stop()
    }
  }
}
