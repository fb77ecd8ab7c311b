import type { AppendOptions, OptionalOperation, StoreWith, UploadInfo } from '@tusker/core'
import { offsetMismatch, UploadError } from '@tusker/core'

/** What the store needs of a database. */
export interface Table<Value> {
  get(key: string): Promise<Value | null>
  /** Resolves to false, and changes nothing, when there is one already. */
  add(key: string, value: Value): Promise<boolean>
  /** In one step: nothing comes between the look and the change. Rejects with what `change` throws. */
  change(key: string, change: (value: Value | null) => Value): Promise<void>
  remove(key: string): Promise<void>
  keys(): AsyncIterable<string>
}

/** What is known of an upload, and where its bytes are. */
export interface Row {
  readonly upload: UploadInfo
  /** The newest lease that changed it. */
  readonly token: number
  readonly pieces: readonly Piece[]
}

interface Piece {
  readonly key: string
  readonly length: number
}

export interface Tables {
  readonly rows: Table<Row>
  readonly bytes: Table<Uint8Array>
}

/** A store in two tables, with every ability. */
export function tableStore({ rows, bytes }: Tables): StoreWith<OptionalOperation> {
  /** The one way in which an upload changes: refused to a holder that was overtaken. */
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

  async function get({ key }: Piece): Promise<Uint8Array> {
    const chunk = await bytes.get(key)
    if (chunk === null) throw new UploadError('damaged', 'bytes of the upload are lost')
    return chunk
  }

  /** Puts bytes where nobody else puts any. They do not count before a row names them. */
  async function put(chunk: Uint8Array): Promise<Piece> {
    const key = crypto.randomUUID()
    await bytes.add(key, new Uint8Array(chunk))
    return { key, length: chunk.byteLength }
  }

  /** Makes pieces count that were put behind `offset`. */
  async function commit(
    id: string,
    offset: number,
    pieces: readonly Piece[],
    { token, onProgress }: AppendOptions,
  ): Promise<number> {
    const reached = offset + lengthOf(pieces)
    await change(id, token, ({ upload, pieces: before }) => {
      if (upload.offset !== offset) throw offsetMismatch(upload.offset, offset)
      return {
        upload: { ...upload, offset: reached, updatedAt: new Date() },
        pieces: [...before, ...pieces],
      }
    })
    onProgress?.(reached)
    return reached
  }

  return {
    create: (upload) =>
      rows.add(upload.id, {
        upload: { ...upload, offset: 0, updatedAt: upload.createdAt, outcome: null },
        ...{ token: 0, pieces: [] },
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

    async appendVerified(id, offset, body, verify, options) {
      await change(id, options.token)
      const pieces: Piece[] = []
      for await (const chunk of body) pieces.push(await put(chunk))
      if (await verify()) return commit(id, offset, pieces, options)
      for (const { key } of pieces) await bytes.remove(key)
      return offset
    },

    finish: (id, outcome, token) =>
      change(id, token, ({ upload }) => ({
        upload: { ...upload, outcome, updatedAt: new Date() },
      })),

    declareLength: (id, length, token) =>
      change(id, token, ({ upload }) => ({ upload: { ...upload, length } })),

    async concatenate(id, parts, token) {
      const pieces: Piece[] = []
      for (const part of parts) {
        for (const piece of (await rowOf(part)).pieces) pieces.push(await put(await get(piece)))
      }
      const offset = lengthOf(pieces)
      await change(id, token, ({ upload }) => ({
        upload: { ...upload, offset, updatedAt: new Date() },
        pieces,
      }))
      return offset
    },

    async remove(id, token) {
      const row = await rows.get(id)
      if (row === null) return
      await change(id, token)
      // The row first: from then on there is no upload, whatever happens to its bytes.
      await rows.remove(id)
      for (const { key } of row.pieces) await bytes.remove(key)
    },

    list: () => rows.keys(),

    async *read(id, start, end) {
      let at = 0
      for (const piece of (await rowOf(id)).pieces) {
        const [from, to] = [Math.max(start - at, 0), Math.min(end - at, piece.length)]
        at += piece.length
        if (from < to) yield (await get(piece)).subarray(from, to)
      }
    },
  }
}

function lengthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0)
}
