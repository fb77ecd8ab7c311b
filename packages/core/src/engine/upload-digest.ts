import type { RunningChecksum, ChecksumProvider } from '../ports/checksums.ts'
import type { StoreWith } from '../ports/store.ts'
import type { UploadDigest, UploadInfo } from '../model/upload.ts'
import type { Digests, FollowedAppend } from './ports.ts'

/** The most unfinished digests in memory. The oldest are dropped first, and computed again when needed. */
const KEPT = 10_000

interface Running {
  readonly offset: number
  readonly checksum: RunningChecksum
}

/** What `keepDigests` needs. */
export interface DigestOptions {
  readonly algorithm: string
  readonly checksums: ChecksumProvider
  readonly store: StoreWith<'read'>
  readonly encode: (digest: Uint8Array) => string
  readonly compare: Digests['compare']
}

/**
 * Computes the digests of uploads from the bytes as they pass. That works if this process received all
 * appends of an upload. If another process received some, or this one was restarted, it reads all bytes from
 * the store once, when the upload is full. So no state of a digest is stored that could contradict the bytes.
 */
export function keepDigests(options: DigestOptions): Digests {
  const { algorithm, checksums, store } = options
  const running = new Map<string, Running>()

  function keep(id: string, entry: Running): void {
    running.set(id, entry)
    if (running.size <= KEPT) return
    for (const oldest of running.keys()) {
      running.delete(oldest)
      break
    }
  }

  async function start(upload: UploadInfo): Promise<RunningChecksum | null> {
    const entry = running.get(upload.id)
    running.delete(upload.id)
    if (upload.offset === 0) return checksums.start(algorithm)
    return entry?.offset === upload.offset ? entry.checksum : null
  }

  async function readBack(upload: UploadInfo): Promise<Uint8Array> {
    const checksum = await checksums.start(algorithm)
    for await (const chunk of store.read(upload.id, 0, upload.offset)) checksum.update(chunk)
    return checksum.digest()
  }

  return {
    compare: options.compare,

    async follow(upload): Promise<FollowedAppend> {
      const checksum = await start(upload)
      let passed = upload.offset
      return {
        update(chunk) {
          checksum?.update(chunk)
          passed += chunk.byteLength
        },
        reached(offset) {
          if (checksum !== null && offset === passed) keep(upload.id, { offset, checksum })
        },
      }
    },

    async of(upload): Promise<UploadDigest> {
      const entry = running.get(upload.id)
      running.delete(upload.id)
      const followed = entry?.offset === upload.offset ? entry.checksum.digest() : null
      return {
        algorithm,
        value: options.encode(followed ?? (await readBack(upload))),
      }
    },
  }
}
