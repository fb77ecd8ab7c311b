import { createHash } from 'node:crypto'
import type { Connection } from '../load/connection.ts'
import { openConnection } from '../load/connection.ts'
import type { Fields } from '../load/requests.ts'
import { creation, patch } from '../load/requests.ts'
import type { Sizes } from './sizes.ts'
import { GIB, KIB, MIB } from './sizes.ts'
import type { Work } from './work.ts'

const chunk = Buffer.alloc(MIB, 'tusker')

/** Bytes sent before anything is measured. */
const WARM = 256 * MIB

/** Short requests sent before that. With fewer, most of the code would run uncompiled while it is measured. */
const WARM_REQUESTS = { length: 4_000 * 16 * KIB, patchLength: 16 * KIB }

/** Large uploads, in one request and in many. */
export function byteWorks({ large, pieces }: Sizes): Work[] {
  return [
    inPatches('one-patch', { length: large, patchLength: large }),
    inPatches('5-mib', { length: pieces, patchLength: 5 * MIB }),
    inPatches('1-mib', { length: pieces, patchLength: MIB }),
    inPatches('5-mib-sha1', { length: pieces, patchLength: 5 * MIB, sha1: true }),
  ]
}

interface Shape {
  readonly length: number
  readonly patchLength: number
  readonly sha1?: boolean
}

function inPatches(name: string, shape: Shape): Work {
  const { length, patchLength, sha1 = false } = shape
  const fields = sha1 ? { 'Upload-Checksum': `sha1 ${sha1Of(patchLength)}` } : {}
  return {
    name,
    title: titleOf(shape),
    group: 'bytes',
    unit: 'ms/GiB',
    amount: length / GIB,
    needs: sha1 ? ['sha1', 'large'] : ['large'],
    isInTable: !sha1,
    isLarge: true,
    async open(port) {
      const connection = await openConnection(port)
      const warmed = Math.min(length, Math.ceil(WARM / patchLength) * patchLength)
      return {
        warm: async () => {
          await upload(connection, WARM_REQUESTS)
          if (patchLength > WARM) await upload(connection, { length: WARM })
          else await upload(connection, { length: warmed, patchLength, fields })
        },
        run: async () => {
          await upload(connection, { length, patchLength, fields })
        },
        close: () => connection.close(),
      }
    },
  }
}

function titleOf({ length, patchLength, sha1 }: Shape): string {
  if (length === patchLength) return `${length / MIB} MiB in one PATCH`
  return `${patchLength / MIB} MiB PATCHes${sha1 === true ? ' with sha1' : ''}`
}

/** What an upload is like. */
export interface Upload {
  readonly length: number
  /** Bytes of each PATCH; all of them by default. */
  readonly patchLength?: number
  /** Further fields of the creation. */
  readonly creationFields?: Fields
  /** Further fields of each PATCH. */
  readonly fields?: Fields
}

/** Uploads bytes, and returns the path of the upload. */
export async function upload(connection: Connection, options: Upload): Promise<string> {
  const { length, patchLength = length, creationFields, fields } = options
  const { location } = await connection.send(creation(length, creationFields))
  for (let offset = 0; offset < length; offset += patchLength) {
    const request = patch(location, offset, patchLength, fields)
    await connection.send(request, chunksOf(patchLength))
  }
  return location
}

function* chunksOf(length: number): Generator<Uint8Array> {
  for (let rest = length; rest > 0; rest -= MIB) yield rest < MIB ? chunk.subarray(0, rest) : chunk
}

function sha1Of(length: number): string {
  const hash = createHash('sha1')
  for (const bytes of chunksOf(length)) hash.update(bytes)
  return hash.digest('base64')
}
