import type {
  AppendOptions,
  NewUpload,
  OptionalOperation,
  Outcome,
  Size,
  StoreWith,
  UploadInfo,
  UploadStore,
} from '@tusker/core'
import {
  assertHasBytes,
  checkOptions,
  keepsBytes,
  offsetMismatch,
  optionRules,
  parseSize,
  UploadError,
} from '@tusker/core'

/** A memory store has every optional operation. */
export type MemoryStore = StoreWith<OptionalOperation> & Required<Pick<UploadStore, 'revert'>>

/** The options of `memoryStore`. */
export interface MemoryStoreOptions {
  /** The most bytes of one upload. 256 MiB by default, since this process holds all bytes. */
  readonly maxLength?: Size
}

interface Entry {
  readonly upload: NewUpload
  length: number | null
  chunks: readonly Uint8Array[]
  offset: number
  updatedAt: Date
  outcome: Outcome | null
  token: number
}

const MIB = 2 ** 20

/**
 * Keeps uploads in the memory of this process, for tests and trials. They are lost when the process ends.
 * It is also the simplest store: read it before you write your own.
 *
 * @throws TypeError when an option is unknown or not valid
 */
export function memoryStore(options: MemoryStoreOptions = {}): MemoryStore {
  checkOptions('memoryStore', options, { maxLength: optionRules.size })
  const entries = new Map<string, Entry>()

  function entryOf(id: string): Entry {
    const entry = entries.get(id)
    if (entry === undefined) throw new Error(`there is no upload ${id}`)
    return entry
  }

  /** The entry, for a change under this token. Fences off a stale holder. */
  function entryFor(id: string, token: number | null): Entry {
    const entry = entryOf(id)
    if (token === null) return entry
    if (token < entry.token) {
      throw new UploadError('interrupted', 'another request took this upload over')
    }
    entry.token = token
    return entry
  }

  function commit(
    id: string,
    token: number | null,
    chunks: readonly Uint8Array[],
    offset: number,
  ): number {
    const entry = entryFor(id, token)
    entry.chunks = chunks
    entry.offset = offset
    entry.updatedAt = new Date()
    return offset
  }

  /** Receives bytes without committing them. `commit` does that. */
  async function gather(
    id: string,
    { token, onProgress }: AppendOptions,
    bytes: AsyncIterable<Uint8Array>,
    onChunk?: (chunks: readonly Uint8Array[], offset: number) => void,
  ): Promise<{ chunks: readonly Uint8Array[]; offset: number }> {
    const entry = entryFor(id, token)
    const chunks = [...entry.chunks]
    let { offset } = entry
    for await (const chunk of bytes) {
      // A copy, since a small chunk may keep a large buffer alive.
      chunks.push(new Uint8Array(chunk))
      offset += chunk.byteLength
      onChunk?.(chunks, offset)
      if (onChunk !== undefined) onProgress?.(offset)
    }
    return { chunks, offset }
  }

  return {
    maxLength: Math.min(parseSize(options.maxLength) ?? 256 * MIB, Number.MAX_SAFE_INTEGER),

    create(upload) {
      if (entries.has(upload.id)) return Promise.resolve(false)
      const { length, createdAt: updatedAt } = upload
      entries.set(upload.id, {
        upload,
        length,
        updatedAt,
        chunks: [],
        offset: 0,
        outcome: null,
        token: 0,
      })
      return Promise.resolve(true)
    },

    createWhole(upload, { chunks, outcome }) {
      if (entries.has(upload.id)) return Promise.resolve(false)
      entries.set(upload.id, {
        upload,
        length: upload.length,
        updatedAt: new Date(),
        // Copies, since a small chunk may keep a large buffer alive.
        chunks: chunks.map((chunk) => new Uint8Array(chunk)),
        offset: chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0),
        outcome,
        token: 0,
      })
      return Promise.resolve(true)
    },

    find(id) {
      const entry = entries.get(id)
      return Promise.resolve(entry === undefined ? null : infoOf(entry))
    },

    async append(id, offset, bytes, appending) {
      assertAt(entryOf(id), offset)
      const gathered = await gather(id, appending, bytes, (chunks, reached) => {
        commit(id, appending.token, chunks, reached)
      })
      return gathered.offset
    },

    async appendVerified(id, offset, bytes, { verify, ...appending }) {
      assertAt(entryOf(id), offset)
      const gathered = await gather(id, appending, bytes)
      if (!(await verify())) return offset
      return commit(id, appending.token, gathered.chunks, gathered.offset)
    },

    async revert(id, offset, token) {
      const kept: Uint8Array[] = []
      let left = offset
      for (const chunk of entryOf(id).chunks) {
        if (left > 0) kept.push(chunk.subarray(0, left))
        left -= chunk.byteLength
      }
      await Promise.resolve(commit(id, token, kept, offset))
    },

    async finish(id, outcome, token) {
      const entry = await Promise.resolve(entryFor(id, token))
      entry.outcome = outcome
      if (!keepsBytes(outcome)) entry.chunks = []
      entry.updatedAt = new Date()
    },

    async declareLength(id, length, token) {
      const entry = await Promise.resolve(entryFor(id, token))
      entry.length = length
    },

    async concatenate(id, parts, token) {
      const chunks = await Promise.resolve(parts.flatMap((part) => entryOf(part).chunks))
      const offset = chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0)
      return commit(id, token, chunks, offset)
    },

    async remove(id, token) {
      await Promise.resolve()
      if (!entries.has(id)) return
      entryFor(id, token)
      entries.delete(id)
    },

    async *list() {
      for (const id of [...entries.keys()]) yield await Promise.resolve(id)
    },

    async *read(id, start, end) {
      let at = 0
      assertHasBytes(infoOf(entryOf(id)))
      for (const chunk of entryOf(id).chunks) {
        const piece = chunk.subarray(Math.max(0, start - at), Math.max(0, end - at))
        if (piece.byteLength > 0) yield await Promise.resolve(piece)
        at += chunk.byteLength
      }
    },
  }
}

function infoOf({ upload, length, offset, updatedAt, outcome }: Entry): UploadInfo {
  return { ...upload, length, offset, updatedAt, outcome }
}

function assertAt(entry: Entry, offset: number): void {
  if (entry.offset !== offset) throw offsetMismatch(entry.offset, offset)
}
