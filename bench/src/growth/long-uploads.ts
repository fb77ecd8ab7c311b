import { createUploadServer } from '@tusker/core'
import { fileLocker, fsStore } from '@tusker/store-fs'
import { KIB, MIB } from '../works/sizes.ts'
import { directClient } from './client.ts'
import { costOf } from './cost.ts'

/** What an upload of some length costs. */
export interface LongUpload {
  readonly mebibytes: number
  /** Microseconds of CPU for each MiB, in PATCHes of 64 MiB at most. */
  readonly perMebibyte: number
  /** Microseconds of CPU for a HEAD and for a PATCH of 4 KiB, once all else is there. */
  readonly head: number
  readonly patch: number
}

const LAST = 200
const PATCH = 64 * MIB
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
    const filling = await costOf(length / MIB, async () => {
      for (let at = 0; at < length; at += PATCH) {
        const patchLength = Math.min(PATCH, length - at)
        await client.patch(path, at, { length: patchLength, chunks: repeated(patchLength) })
      }
    })
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
      perMebibyte: filling.each,
      head: head.each,
      patch: patch.each,
    }
  } finally {
    await server.close()
  }
}

function* repeated(length: number): Generator<Uint8Array> {
  for (let rest = length; rest > 0; rest -= chunk.byteLength) yield chunk
}
