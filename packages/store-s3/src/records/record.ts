import type { NewUpload, UploadInfo } from '@tusker/core'
import { keepsBytes, UploadError } from '@tusker/core'
import type { ObjectHeaders, Part } from '../client/port.ts'

/** An object that holds bytes which are not in a part yet. */
export interface Piece {
  readonly key: string
  /** In bytes. */
  readonly size: number
}

/** A request of waiting callers to a lease holder. */
export type Asked = 'nothing' | 'yield' | 'stop'

/** The lease on an upload. */
export interface LeaseNote {
  /** Differs for any two leases. */
  readonly holder: string
  /** Milliseconds without a write of the holder after which another caller may take over. */
  readonly ttl: number
  /** Differs for any two writes of the holder. */
  readonly beat: string
  /** Milliseconds since the last write of the holder when another caller wrote the record. */
  readonly silence: number
  readonly asked: Asked
}

/** The finished object. */
export interface Sealed {
  readonly etag: string
  /** In bytes. */
  readonly size: number
}

/** The state of an upload, in one object of the bucket. */
export interface S3Record {
  readonly upload: UploadInfo
  /** Differs for any two creations, also of one id. The finished object carries it. */
  readonly mark: string
  /** The highest fencing token under which the upload was changed; 0 before the first. */
  readonly token: number
  readonly lease: LeaseNote | null
  /** The key of the finished object, and its header fields. */
  readonly key: string
  readonly headers: ObjectHeaders
  /** The id of the multipart upload; null before it has a part. */
  readonly multipart: string | null
  /** The parts that hold the first bytes, in order. */
  readonly parts: readonly Part[]
  /** The lowest part number that was never used. */
  readonly nextPart: number
  /** A writer may be using the numbers from `nextPart` up to, not including, this one. */
  readonly reservedPart: number
  /** The pieces that hold the bytes behind the parts, in order. */
  readonly tail: readonly Piece[]
  /** Differs for any two commits of bytes. */
  readonly commit: string
  /** Null until all bytes are in the finished object. */
  readonly sealed: Sealed | null
  /**
   * All parts of the multipart upload, where the storage completes no selection of them: the finished
   * object is then copied from an object that holds these.
   */
  readonly joined: readonly Part[] | null
  /** True while the upload is being removed. */
  readonly removed: boolean
}

const VERSION = 1

export function newRecord(
  upload: NewUpload,
  target: { readonly key: string; readonly headers: ObjectHeaders },
): S3Record {
  return {
    upload: { ...upload, offset: 0, updatedAt: upload.createdAt, outcome: null },
    mark: newName(),
    token: 0,
    lease: null,
    key: target.key,
    headers: target.headers,
    multipart: null,
    parts: [],
    nextPart: 1,
    reservedPart: 1,
    tail: [],
    commit: '',
    sealed: null,
    joined: null,
    removed: false,
  }
}

/** A name that nothing else has. */
export function newName(): string {
  return crypto.randomUUID()
}

export function formatRecord(record: S3Record): string {
  return JSON.stringify({ version: VERSION, ...record })
}

/** @throws UploadError `damaged` when the record is not valid, or was written by a later version */
export function parseRecord(id: string, text: string): S3Record {
  const { version, ...fields } = parsed(text)
  const record = fields as unknown as Stored
  if (version !== VERSION || !isUpload(record.upload) || record.upload.id !== id) throw damaged()
  const isRight =
    [record.token, record.nextPart, record.reservedPart].every(isCount) &&
    [record.mark, record.key, record.commit].every((text) => typeof text === 'string') &&
    isListOf(record.parts, ({ size, number }) => isCount(size) && isCount(number)) &&
    isListOf(record.tail, ({ size, key }) => isCount(size) && typeof key === 'string')
  if (!isRight) throw damaged()
  const { createdAt, updatedAt, ...upload } = record.upload
  const whole: S3Record = {
    ...record,
    upload: { ...upload, createdAt: dateOf(createdAt), updatedAt: dateOf(updatedAt) },
  }
  const { offset, outcome } = whole.upload
  const named = partsEnd(whole) + tailSize(whole)
  if (named !== offset && whole.sealed === null && keepsBytes(outcome)) throw damaged()
  return whole
}

/** The offset behind the bytes of the parts. */
export function partsEnd({ parts }: Pick<S3Record, 'parts'>): number {
  return parts.reduce((sum, { size }) => sum + size, 0)
}

/** The size of all pieces together, in bytes. */
export function tailSize({ tail }: Pick<S3Record, 'tail'>): number {
  return tail.reduce((sum, { size }) => sum + size, 0)
}

/** The error for an upload whose stored bytes do not match its record. */
export function damaged(options: ErrorOptions = {}): UploadError {
  const message = 'what was stored of the upload is damaged, create it anew'
  return new UploadError('damaged', message, options)
}

/** The record as JSON has it: its dates are texts. */
interface Stored extends Omit<S3Record, 'upload'> {
  readonly upload: Omit<UploadInfo, 'createdAt' | 'updatedAt'> & {
    readonly createdAt: string
    readonly updatedAt: string
  }
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch (cause) {
    throw damaged({ cause })
  }
  throw damaged()
}

function isUpload(upload: Stored['upload'] | undefined): upload is Stored['upload'] {
  return (
    typeof upload?.id === 'string' &&
    typeof upload.metadata === 'string' &&
    isCount(upload.offset) &&
    (upload.length === null || isCount(upload.length))
  )
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function isListOf<Item>(value: readonly Item[], test: (item: Item) => boolean): boolean {
  return Array.isArray(value) && value.every(test)
}

function dateOf(text: string): Date {
  const date = new Date(text)
  if (Number.isNaN(date.getTime())) throw damaged()
  return date
}
