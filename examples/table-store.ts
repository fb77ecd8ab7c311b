import type {
  AppendOptions,
  OptionalOperation,
  StoreWith,
  UploadInfo,
  UploadStore,
} from '@tusker/core'
import { assertHasBytes, keepsBytes, offsetMismatch, UploadError } from '@tusker/core'

/** The operations of a database that the store needs. */
export interface Table<Value> {
  get(key: string): Promise<Value | null>
  /** Resolves to false, and changes nothing, when the key exists. */
  add(key: string, value: Value): Promise<boolean>
  /** Reads and changes in one atomic step. Rejects with the error that `change` throws. */
  change(key: string, change: (value: Value | null) => Value): Promise<void>
  remove(key: string): Promise<void>
  keys(): AsyncIterable<string>
}

/** An upload, and the keys of its bytes. */
export interface Row {
  readonly upload: UploadInfo
  /** The highest fencing token that changed it. */
  readonly token: number
  readonly chunks: readonly StoredChunk[]
}

interface StoredChunk {
  readonly key: string
  readonly length: number
}

export interface Tables {
  readonly rows: Table<Row>
  readonly bytes: Table<Uint8Array>
}

/** What the store can do. */
export type TableStore = StoreWith<OptionalOperation> & Required<Pick<UploadStore, 'revert'>>

/** A store in two tables. It does all but create uploads whole, and give URLs of downloads. */
export function tableStore({ rows, bytes }: Tables): TableStore {
  /** Every change of an upload goes through here: a stale holder is fenced off. */
  function change(
    id: string,
    token: number | null,
    change: (row: Row) => Partial<Row> = () => ({}),
  ): Promise<void> {
    return rows.change(id, (row) => {
      if (row === null) throw new Error(`there is no upload ${id}`)
      if (token !== null && token < row.token) {
        throw new UploadError('interrupted', 'another request took this upload over')
      }
      return { ...row, ...change(row), token: token ?? row.token }
    })
  }

  async function rowOf(id: string): Promise<Row> {
    const row = await rows.get(id)
    if (row === null) throw new Error(`there is no upload ${id}`)
    return row
  }

  async function get({ key }: StoredChunk): Promise<Uint8Array> {
    const chunk = await bytes.get(key)
    if (chunk === null) throw new UploadError('damaged', 'bytes of the upload are lost')
    return chunk
  }

  /** Puts bytes under a new key. They are committed once a row names the key. */
  async function put(chunk: Uint8Array): Promise<StoredChunk> {
    const key = crypto.randomUUID()
    await bytes.add(key, new Uint8Array(chunk))
    return { key, length: chunk.byteLength }
  }

  /** Commits chunks that follow `offset`. */
  async function commit(
    id: string,
    offset: number,
    added: readonly StoredChunk[],
    { token, onProgress }: AppendOptions,
  ): Promise<number> {
    const reached = offset + lengthOf(added)
    await change(id, token, ({ upload, chunks }) => {
      if (upload.offset !== offset) throw offsetMismatch(upload.offset, offset)
      return {
        upload: { ...upload, offset: reached, updatedAt: new Date() },
        chunks: [...chunks, ...added],
      }
    })
    onProgress?.(reached)
    return reached
  }

  return {
    create: (upload) =>
      rows.add(upload.id, {
        upload: { ...upload, offset: 0, updatedAt: upload.createdAt, outcome: null },
        token: 0,
        chunks: [],
      }),

    async find(id) {
      return (await rows.get(id))?.upload ?? null
    },

    async append(id, offset, body, options) {
      await change(id, options.token)
      let reached = offset
      for await (const chunk of body) {
        reached = await commit(id, reached, [await put(chunk)], options)
      }
      return reached
    },

    async appendVerified(id, offset, body, { verify, ...options }) {
      await change(id, options.token)
      const chunks: StoredChunk[] = []
      for await (const chunk of body) chunks.push(await put(chunk))
      if (await verify()) return commit(id, offset, chunks, options)
      for (const { key } of chunks) await bytes.remove(key)
      return offset
    },

    async finish(id, outcome, token) {
      const keeps = keepsBytes(outcome)
      const { chunks } = await rowOf(id)
      await change(id, token, ({ upload, chunks: now }) => ({
        upload: { ...upload, outcome, updatedAt: new Date() },
        chunks: keeps ? now : [],
      }))
      if (!keeps) for (const { key } of chunks) await bytes.remove(key)
    },

    async revert(id, offset, token) {
      const { chunks } = await rowOf(id)
      // An append begins with a chunk of its own, so the offset is where a chunk ends.
      const kept = chunks.filter((_chunk, index) => lengthOf(chunks.slice(0, index + 1)) <= offset)
      await change(id, token, ({ upload }) => ({
        upload: { ...upload, offset, updatedAt: new Date() },
        chunks: kept,
      }))
      for (const { key } of chunks.slice(kept.length)) await bytes.remove(key)
    },

    declareLength: (id, length, token) =>
      change(id, token, ({ upload }) => ({ upload: { ...upload, length } })),

    async concatenate(id, parts, token) {
      const chunks: StoredChunk[] = []
      for (const part of parts) {
        for (const chunk of (await rowOf(part)).chunks) chunks.push(await put(await get(chunk)))
      }
      const offset = lengthOf(chunks)
      await change(id, token, ({ upload }) => ({
        upload: { ...upload, offset, updatedAt: new Date() },
        chunks,
      }))
      return offset
    },

    async remove(id, token) {
      const row = await rows.get(id)
      if (row === null) return
      await change(id, token)
      // The row is removed first: an upload without a row does not exist, even if its bytes remain.
      await rows.remove(id)
      for (const { key } of row.chunks) await bytes.remove(key)
    },

    list: () => rows.keys(),

    async *read(id, start, end) {
      let at = 0
      const { upload, chunks } = await rowOf(id)
      assertHasBytes(upload)
      for (const chunk of chunks) {
        const [from, to] = [Math.max(start - at, 0), Math.min(end - at, chunk.length)]
        at += chunk.length
        if (from < to) yield (await get(chunk)).subarray(from, to)
      }
    },
  }
}

function lengthOf(chunks: readonly StoredChunk[]): number {
  return chunks.reduce((sum, { length }) => sum + length, 0)
}
