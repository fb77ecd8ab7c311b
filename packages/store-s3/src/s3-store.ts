import type {
  Duration,
  DownloadFields,
  NewUpload,
  OptionalOperation,
  StoreWith,
  UploadStore,
} from '@tusker/core'
import {
  assertHasBytes,
  isFull,
  isUploadId,
  keepsBytes,
  offsetMismatch,
  UploadError,
} from '@tusker/core'
import type { Context } from './context.ts'
import type { FirstGrants } from './locker/first-grants.ts'
import { released, withToken } from './locker/lease.ts'
import { concatenate } from './seal/concatenate.ts'
import { createWhole } from './parts/create-whole.ts'
import { forEach } from './parts/pieces.ts'
import { appendVerified } from './parts/verified.ts'
import type { PartWriter } from './parts/writer.ts'
import { partWriter } from './parts/writer.ts'
import { readUpload } from './read/read-upload.ts'
import type { S3Record } from './records/record.ts'
import { newRecord } from './records/record.ts'
import type { ObjectSettings } from './object-settings.ts'
import { secondsOf } from './options.ts'
import { targetOf } from './object-settings.ts'
import { listUploads } from './sweep/list-uploads.ts'
import { finishRemoval, removeBytes } from './sweep/removal.ts'

/** A store in a bucket has every ability of a store, and the two below. */
export type S3Store = StoreWith<OptionalOperation> &
  Required<Pick<UploadStore, 'createWhole'>> & {
    /** The most bytes that one upload can have: `maxParts` of the largest parts that fit into memory. */
    readonly maxLength: number
    /**
     * The key of an upload's finished object. Null if there is no such upload, or if bytes are missing.
     *
     * Throws `UploadError` `damaged` when the object was changed by another program.
     */
    objectOf(id: string): Promise<{ readonly key: string; readonly etag: string } | null>
    /**
     * A URL with which any client can download the finished object from the bucket.
     *
     * Throws `UploadError` `not_found` when there is no complete upload.
     *
     * @param validFor how long the URL is valid: milliseconds, or text such as `'1h'`, from a second to a week
     * @param headers replace the stored fields of the object: `content-disposition`, `content-type`
     */
    presign(
      id: string,
      validFor: Duration,
      headers?: { readonly 'content-disposition'?: string; readonly 'content-type'?: string },
    ): Promise<string>
  }

/** The options that only the store needs. */
export interface StoreSettings {
  /** Grants the first lease together with the creation; null if the leases are not in the records. */
  readonly first: FirstGrants | null
  readonly object: (upload: NewUpload) => ObjectSettings
  readonly headers: Readonly<Record<string, string>>
  readonly keepObjects: boolean
  readonly maxLength: number
  /** Seconds for which a URL of the bucket is valid that answers a download; null if the server sends the bytes. */
  readonly redirectFor: number | null
  /** Resolves once the bucket was checked. */
  readonly ready: () => Promise<unknown>
}

export function storeIn(context: Context, settings: StoreSettings): S3Store {
  const { records, sealing, bucket, keys } = context
  const { redirectFor } = settings

  async function get(id: string): Promise<S3Record> {
    const version = await records.find(id)
    if (version === null) throw new UploadError('not_found', 'there is no such upload')
    return version.record
  }

  /** The record for an append. Pieces that now fill parts are made parts first. */
  async function at(id: string, offset: number, token: number | null): Promise<S3Record> {
    const record = await get(id)
    withToken(record, token)
    if (record.upload.offset !== offset) throw offsetMismatch(record.upload.offset, offset)
    return sealing.settleTail(record, token)
  }

  async function change(
    id: string,
    token: number | null,
    next: (held: S3Record) => S3Record,
  ): Promise<void> {
    await records.change(id, ({ record }) => next(withToken(record, token)))
  }

  const finish: S3Store['finish'] = async (id, outcome, token) => {
    const record = await get(id)
    withToken(record, token)
    const keeps = keepsBytes(outcome)
    const isWanted = isFull(record.upload) && keeps
    const object = isWanted ? await sealing.ensure(record, token) : record.sealed
    const updatedAt = new Date()
    await change(id, token, (now) => ({
      // No append follows, so the lease is released in the same step.
      ...released(now, !context.unsettled.has(id)),
      upload: { ...now.upload, outcome, updatedAt },
      ...(keeps ? { sealed: object ?? now.sealed } : WITHOUT_BYTES),
    }))
    // The record does not name them any more, so the sweep removes what a failure leaves behind.
    if (!keeps) await removeBytes(context, record).catch(() => {})
  }

  function recordOf(upload: NewUpload): S3Record {
    const { key, headers } = targetOf(settings.object(upload), upload)
    const target = { key: keys.object(key), headers: { ...settings.headers, ...headers } }
    return newRecord(upload, target)
  }

  async function urlOf(
    id: string,
    seconds: number,
    headers: Partial<DownloadFields>,
  ): Promise<string> {
    const record = await get(id)
    if (!isFull(record.upload)) throw new UploadError('not_found', 'the upload is not complete yet')
    assertHasBytes(record.upload)
    await sealing.ensure(record, null)
    const query: Record<string, string> = {}
    for (const [name, value] of Object.entries(headers)) query[`response-${name}`] = value
    return bucket.presign(record.key, seconds, query)
  }

  async function sealed(record: S3Record, token: number | null): Promise<void> {
    if (isFull(record.upload)) await sealing.ensure(record, token)
  }

  return {
    maxLength: settings.maxLength,

    async create(upload, options) {
      await settings.ready()
      const record = recordOf(upload)
      const { first } = settings
      if (first === null || !first.isOf(options?.leasedBy)) return records.create(record)
      const leased = first.leased(record)
      const isCreated = await records.create(leased.record)
      if (isCreated) leased.written()
      return isCreated
    },

    async createWhole(upload, content) {
      await settings.ready()
      const record = recordOf(upload)
      const created = await createWhole(context, record, content)
      if (created === 'without outcome' && content.outcome !== null) {
        await finish(upload.id, content.outcome, null)
      }
      return created !== 'taken'
    },

    async find(id) {
      return (await records.find(id))?.record.upload ?? null
    },

    async append(id, offset, bytes, options) {
      const writer = partWriter(context, await at(id, offset, options.token), options)
      try {
        const record = await received(writer, bytes, () => {
          // The holder only sends what it has from now on. It has nothing to yield until that is done.
          context.receivedAt.set(id, Number.POSITIVE_INFINITY)
        })
        await sealed(record, options.token)
        return record.upload.offset
      } finally {
        context.receivedAt.delete(id)
      }
    },

    async appendVerified(id, offset, bytes, options) {
      const begun = await at(id, offset, options.token)
      const record = await appendVerified(context, begun, bytes, options)
      if (record !== begun) await sealed(record, options.token)
      return record.upload.offset
    },

    finish,

    declareLength: (id, length, token) =>
      change(id, token, (now) => ({ ...now, upload: { ...now.upload, length } })),

    async concatenate(id, parts, token) {
      const record = await get(id)
      withToken(record, token)
      const sources: S3Record[] = []
      await forEach(parts, async (part, index) => {
        sources[index] = await get(part)
      })
      const joined = await concatenate(context, record, sources, token)
      await sealed(joined, token)
      return joined.upload.offset
    },

    async remove(id, token) {
      const version = await records.find(id)
      if (version === null) return
      await change(id, token, (now) => ({ ...now, removed: true }))
      await finishRemoval(context, version.record, settings.keepObjects)
    },

    list: () => listUploads(context, settings.keepObjects),

    async *read(id, start, end) {
      if (end <= start) return
      const record = await get(id)
      assertHasBytes(record.upload)
      yield* readUpload(context, record, start, end)
    },

    async objectOf(id) {
      if (!isUploadId(id)) return null
      const record = (await records.find(id))?.record
      if (record === undefined || !isFull(record.upload)) return null
      if (!keepsBytes(record.upload.outcome)) return null
      const { etag } = await sealing.ensure(record, null)
      return { key: record.key, etag }
    },

    presign: async (id, validFor, headers = {}) =>
      urlOf(id, secondsOf('validFor', validFor), headers),

    ...(redirectFor === null
      ? {}
      : { downloadUrl: (id: string, fields: DownloadFields) => urlOf(id, redirectFor, fields) }),
  }
}

/** What a record says of bytes that are removed. */
const WITHOUT_BYTES = { parts: [], tail: [], multipart: null, joined: null, sealed: null }

/** Receives all bytes, and commits as many as possible if that fails. */
async function received(
  writer: PartWriter,
  bytes: AsyncIterable<Uint8Array>,
  onEnd: () => void,
): Promise<S3Record> {
  try {
    for await (const chunk of bytes) await writer.add(chunk)
    onEnd()
    return await writer.end()
  } catch (error) {
    await writer.abandon()
    throw error
  }
}
