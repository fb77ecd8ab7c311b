/**
 * Uploads in Redis beside uploads in a directory, in the same run and as a ratio:
 *
 *   npx turbo run build --filter=@tusker/store-redis --filter=@tusker/store-fs
 *   node --import tsx bench/stores.ts [directory]
 *
 * Redis runs on this machine, once with nothing on the disk and once with all of it before it answers.
 * The machine's noise is in all sides, so they take turns, and the fastest round of each counts.
 */
import { createClient } from '@redis/client'
import type { NewUpload, OptionalOperation, StoreWith } from '@tusker/core'
import { fsStore } from '@tusker/store-fs'
import { redisStore } from '@tusker/store-redis'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startServer } from './server.ts'

const MIB = 2 ** 20
const LARGE = 128 * MIB
const CHUNK = Buffer.alloc(64 * 1024, 1)
const SMALL = Buffer.alloc(4096, 1)
const COUNT = 300
const ROUNDS = 5
const ACCEPTED = { kind: 'accepted', location: null, response: null } as const

type Store = StoreWith<OptionalOperation>

interface Side {
  readonly name: string
  open(): Store
}

/** What is measured: a rate, of units in a second. */
interface Work {
  readonly title: string
  readonly unit: string
  readonly amount: number
  prepare?(store: Store, mark: string): Promise<void>
  run(store: Store, mark: string): Promise<unknown>
}

const works: readonly Work[] = [
  {
    title: '128 MiB in chunks of 64 KiB',
    unit: 'MiB/s',
    amount: LARGE / MIB,
    prepare: (store, mark) => create(store, mark, LARGE),
    run: (store, mark) => store.append(mark, 0, chunks(LARGE), { token: 1 }),
  },
  {
    title: '128 MiB read',
    unit: 'MiB/s',
    amount: LARGE / MIB,
    async prepare(store, mark) {
      await create(store, mark, LARGE)
      await store.append(mark, 0, chunks(LARGE), { token: 1 })
    },
    run: (store, mark) => readAll(store, mark),
  },
  {
    title: '4 KiB: create, append, finish',
    unit: '/s',
    amount: COUNT,
    async run(store, mark) {
      for (let index = 0; index < COUNT; index += 1) await whole(store, `${mark}-${index}`)
    },
  },
  {
    title: 'the same, 16 at a time',
    unit: '/s',
    amount: COUNT,
    async run(store, mark) {
      const workers = Array.from({ length: 16 }, async (_, worker) => {
        for (let index = worker; index < COUNT; index += 16) await whole(store, `${mark}-${index}`)
      })
      await Promise.all(workers)
    },
  },
  {
    title: 'find',
    unit: '/s',
    amount: COUNT,
    prepare: (store, mark) => whole(store, mark),
    async run(store, mark) {
      for (let index = 0; index < COUNT; index += 1) await store.find(mark)
    },
  },
]

const directory = await mkdtemp(join(process.argv[2] ?? tmpdir(), 'tusker-bench-'))
const servers = await Promise.all([
  startServer(join(directory, 'memory'), ['--appendonly', 'no']),
  startServer(join(directory, 'always'), ['--appendonly', 'yes', '--appendfsync', 'always']),
])
const clients = servers.map(({ url }) => createClient({ url }))
for (const client of clients) client.on('error', console.error)
await Promise.all(clients.map((client) => client.connect()))
try {
  const [memory, always] = clients
  if (memory === undefined || always === undefined) throw new Error('two servers were asked for')
  const sides: readonly Side[] = [
    { name: 'fs', open: () => fsStore({ directory: join(directory, 'files') }) },
    { name: 'redis', open: () => redisStore({ client: memory }) },
    { name: 'redis, on disk', open: () => redisStore({ client: always }) },
  ]
  for (const work of works) await compare(work, sides)
} finally {
  for (const client of clients) client.destroy()
  await Promise.all(servers.map((server) => server.stop()))
  await rm(directory, { recursive: true, force: true })
}

/** Takes turns, and prints the best round of each side, beside that of the first. */
async function compare(work: Work, sides: readonly Side[]): Promise<void> {
  const best = sides.map(() => 0)
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, side] of sides.entries()) {
      best[index] = Math.max(best[index] ?? 0, await rateOf(work, side.open(), `u${round}`))
    }
  }
  const [first = 1] = best
  const columns = sides.map(({ name }, index) => {
    const rate = best[index] ?? 0
    return `${name} ${rate.toFixed(0)} ${work.unit} (${(rate / first).toFixed(2)})`
  })
  console.log(`${work.title.padEnd(30)} ${columns.join('   ')}`)
}

async function rateOf(work: Work, store: Store, mark: string): Promise<number> {
  await work.prepare?.(store, mark)
  const began = performance.now()
  await work.run(store, mark)
  const seconds = (performance.now() - began) / 1_000
  for await (const id of store.list()) await store.remove(id, null)
  return work.amount / seconds
}

async function create(store: Store, id: string, length: number): Promise<void> {
  const upload: NewUpload = {
    id,
    length,
    metadata: 'filename d29ybGQucGRm',
    owner: 'ada',
    attributes: {},
    concatenation: null,
    concatenationField: null,
    createdAt: new Date(),
  }
  await store.create(upload)
}

async function whole(store: Store, id: string): Promise<void> {
  await create(store, id, SMALL.byteLength)
  await store.append(id, 0, once(SMALL), { token: 1 })
  await store.finish(id, ACCEPTED, 1)
}

async function readAll(store: Store, id: string): Promise<void> {
  let length = 0
  for await (const chunk of store.read(id, 0, LARGE)) length += chunk.byteLength
  if (length !== LARGE) throw new Error(`${length} bytes were read`)
}

async function* chunks(length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < length; at += CHUNK.byteLength) yield CHUNK
}

async function* once(chunk: Uint8Array): AsyncGenerator<Uint8Array> {
  yield chunk
}
