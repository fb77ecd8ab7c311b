import { createUploadServer } from '@tusker/core'
import { fileLocker, fsStore } from '@tusker/store-fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { KIB, MIB } from '../works/sizes.ts'
import type { DirectClient } from './client.ts'
import { directClient } from './client.ts'
import type { Cost } from './cost.ts'
import { costOf } from './cost.ts'
import { writePlainly } from './plain-file.ts'

/** What an upload of some length costs. */
export interface LongUpload {
  readonly mebibytes: number
  /** Each MiB, in PATCHes of 64 MiB at most, and the same bytes written to a file without an upload. */
  readonly filling: Cost
  readonly plain: Cost
  /** A HEAD and a PATCH of 4 KiB, once all else is there. */
  readonly head: Cost
  readonly patch: Cost
}

const LAST = 200
const PATCH = 64 * MIB
/** Bytes of the upload after which the plain file grows as well. */
const PART = 256 * MIB
const chunk = Buffer.alloc(64 * KIB, 'tusker')
const small = chunk.subarray(0, 4 * KIB)

/** Makes one upload long, then measures small operations at its end. */
export async function longUpload(
  directory: string,
  length: number,
  isShared: boolean,
): Promise<LongUpload> {
  const server = createUploadServer({
    path: '/files',
    store: fsStore({ directory }),
    ...(isShared && { locker: fileLocker({ directory }) }),
  })
  const client = directClient(server)
  try {
    const path = await client.create(length + 2 * LAST * small.byteLength)
    const plain: Cost[] = []
    const filling: Cost[] = []
    const file = join(directory, 'plain')
    for (let at = 0; at < length; at += PART) {
      const end = Math.min(at + PART, length)
      // By turns, so that both meet the same machine: the disk, other processes, and memory that gets less.
      plain.push(await costOf(length / MIB, () => writePlainly(file, at, repeated(end - at))))
      filling.push(await costOf(length / MIB, () => fill(client, path, at, end)))
    }
    await rm(file)
    let offset = length
    const append = async (): Promise<void> => {
      for (let count = 0; count < LAST; count += 1) {
        // The last one would complete the upload, which costs more.
        if (offset + small.byteLength >= length + 2 * LAST * small.byteLength) return
        await client.patch(path, offset, { length: small.byteLength, chunks: [small] })
        offset += small.byteLength
      }
    }
    const look = async (): Promise<void> => {
      for (let count = 0; count < LAST; count += 1) await client.head(path)
    }
    await append()
    await look()
    const head = await costOf(LAST, look)
    const patch = await costOf(LAST, append)
    return {
      mebibytes: length / MIB,
      filling: total(filling),
      plain: total(plain),
      head,
      patch,
    }
  } finally {
    await server.close()
  }
}

async function fill(client: DirectClient, path: string, start: number, end: number): Promise<void> {
  for (let at = start; at < end; at += PATCH) {
    const length = Math.min(PATCH, end - at)
    await client.patch(path, at, { length, chunks: repeated(length) })
  }
}

/** The cost of all parts. Each is a share of the whole. */
function total(parts: readonly Cost[]): Cost {
  return {
    user: parts.reduce((sum, { user }) => sum + user, 0),
    system: parts.reduce((sum, { system }) => sum + system, 0),
    turn: {
      wall: Math.max(...parts.map(({ turn }) => turn.wall)),
      cpu: Math.max(...parts.map(({ turn }) => turn.cpu)),
    },
  }
}

function* repeated(length: number): Generator<Uint8Array> {
  for (let rest = length; rest > 0; rest -= chunk.byteLength) yield chunk
}
