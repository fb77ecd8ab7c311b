import { createUploadServer } from '@tusker/core'
import { fileLocker, fsStore } from '@tusker/store-fs'
import { KIB, MIB } from '../works/sizes.ts'
import type { DirectClient } from './client.ts'
import { directClient } from './client.ts'
import type { Cost } from './cost.ts'
import { costOf, inParallel } from './cost.ts'

/** The cost of each operation in a directory with `uploads` uploads. */
export interface ManyUploads {
  readonly uploads: number
  readonly costs: Readonly<Record<'create' | 'HEAD' | 'PATCH' | 'list' | 'sweep', Cost>>
}

/** Operations of each kind, beside `list` and `sweep`, which are for all uploads. */
const OPERATIONS = 4_000
const DAY = 24 * 60 * 60 * 1_000
const body = Buffer.alloc(4 * KIB, 'tusker')

/** Fills a directory with incomplete uploads, then measures each operation over it. */
export async function manyUploads(
  directory: string,
  uploads: number,
  isShared: boolean,
): Promise<ManyUploads> {
  const store = fsStore({ directory })
  const server = createUploadServer({
    path: '/files',
    store,
    expireAfter: DAY,
    sweepEvery: DAY,
    ...(isShared && { locker: fileLocker({ directory }) }),
  })
  const client = directClient(server)
  const paths: string[] = []
  // A directory with few uploads is listed again and again, so that a figure is one of many operations.
  const times = Math.ceil(OPERATIONS / uploads)
  const create = async (): Promise<void> => {
    paths.push(await client.create(MIB))
  }
  try {
    await inParallel(uploads, create)
    const random = (): string => paths[Math.floor(Math.random() * paths.length)] ?? ''
    const append = appender(client)
    const list = async (): Promise<void> => {
      for await (const id of store.list()) if (id === '') return
    }

    return {
      uploads,
      costs: {
        HEAD: await costOf(OPERATIONS, () => inParallel(OPERATIONS, () => client.head(random()))),
        PATCH: await costOf(OPERATIONS, () =>
          inParallel(OPERATIONS, (index) => append(paths[index % uploads] ?? '')),
        ),
        list: await costOf(uploads * times, () => repeat(times, list)),
        sweep: await costOf(uploads * times, () => repeat(times, () => server.sweep())),
        create: await costOf(OPERATIONS, () => inParallel(OPERATIONS, create)),
      },
    }
  } finally {
    await server.close()
  }
}

/** Appends to uploads, one PATCH of an upload after the other, and knows where each of them is. */
function appender(client: DirectClient): (path: string) => Promise<void> {
  const offsets = new Map<string, number>()
  const last = new Map<string, Promise<void>>()
  return (path) => {
    const offset = offsets.get(path) ?? 0
    offsets.set(path, offset + body.byteLength)
    const before = last.get(path) ?? Promise.resolve()
    const patched = before.then(() =>
      client.patch(path, offset, { length: body.byteLength, chunks: [body] }),
    )
    last.set(path, patched)
    return patched
  }
}

async function repeat(times: number, once: () => Promise<unknown>): Promise<void> {
  for (let count = 0; count < times; count += 1) await once()
}
