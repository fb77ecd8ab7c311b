// The least cost of any upload: it writes bytes to a file, without a record, a lease or a guarantee.
import type { Hash } from 'node:crypto'
import { createHash } from 'node:crypto'
import { closeSync, createReadStream, openSync, writeSync, writev } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const writeAll = promisify(writev)

/** Bodies up to this length are written as they come, by synchronous calls. */
const SMALL = 64 * 1024
/** Longer bodies are written in batches of at least this length. */
const BATCH = 256 * 1024

/** A request to a server without a protocol. */
export interface PlainRequest {
  readonly method: string
  readonly path: string
  header(name: string): string | undefined
  readonly body: AsyncIterable<Uint8Array>
}

/** How a server without a protocol answers. */
export interface PlainResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
}

/** Takes bodies into files of `directory`, each file named as the last segment of its path. */
export function plainFiles(directory: string): (request: PlainRequest) => Promise<PlainResponse> {
  const lengths = new Map<string, number>()
  let created = 0

  const fileOf = (path: string): string => join(directory, path.slice(path.lastIndexOf('/') + 1))

  async function take(request: PlainRequest, path: string): Promise<void> {
    const start = lengths.get(path) ?? 0
    // A creation without a body needs no file yet.
    if (request.header('content-length') === '0') return
    const file = openSync(fileOf(path), start === 0 ? 'w' : 'r+')
    const digest = request.header('upload-checksum') === undefined ? null : createHash('sha1')
    try {
      const length = Number(request.header('content-length'))
      lengths.set(path, await write(file, start, { body: request.body, length, digest }))
    } finally {
      closeSync(file)
    }
    digest?.digest()
  }

  async function joinParts(request: PlainRequest, path: string): Promise<void> {
    const parts = (request.header('upload-concat') ?? '').replace('final;', '').split(' ')
    const file = openSync(fileOf(path), 'w')
    let at = 0
    for (const part of parts) {
      const body = createReadStream(fileOf(part), { highWaterMark: 2 ** 20 })
      at = await write(file, at, { body, length: Number.POSITIVE_INFINITY, digest: null })
    }
    closeSync(file)
    lengths.set(path, at)
  }

  return async (request) => {
    if (request.method === 'HEAD') {
      const offset = String(lengths.get(request.path) ?? 0)
      return { status: 200, headers: { 'upload-offset': offset, 'cache-control': 'no-store' } }
    }
    const creates = request.method === 'POST'
    const path = creates ? `/files/u${(created += 1)}` : request.path
    const joins = request.header('upload-concat')?.startsWith('final') === true
    await (joins ? joinParts(request, path) : take(request, path))
    const headers = { 'upload-offset': String(lengths.get(path) ?? 0), 'content-length': '0' }
    return creates
      ? { status: 201, headers: { ...headers, location: path } }
      : { status: 204, headers: { 'upload-offset': headers['upload-offset'] } }
  }
}

interface Writing {
  readonly body: AsyncIterable<Uint8Array>
  readonly length: number
  readonly digest: Hash | null
}

async function write(
  file: number,
  start: number,
  { body, length, digest }: Writing,
): Promise<number> {
  let at = start
  let batch: Uint8Array[] = []
  let pending = 0
  let last: Promise<unknown> = Promise.resolve()
  for await (const chunk of body) {
    digest?.update(chunk)
    if (length <= SMALL) {
      at += writeSync(file, chunk, 0, chunk.byteLength, at)
      continue
    }
    batch.push(chunk)
    pending += chunk.byteLength
    if (pending < BATCH) continue
    await last
    last = writeAll(file, batch, at)
    at += pending
    batch = []
    pending = 0
  }
  await last
  if (pending > 0) await writeAll(file, batch, at)
  return at + pending
}
