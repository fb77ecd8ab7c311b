import type {
  NewUpload,
  Outcome,
  RecordChange,
  UploadInfo,
  UploadRecord,
  WholeRecord,
} from '@tusker/core'
import { UploadError } from '@tusker/core'
import { checkValueOf } from './check-value.ts'

/** A record as its file holds it. */
export interface FileRecord extends UploadRecord {
  /**
   * The locker instance that holds the lease with this record's token. Null when the lease is free, or
   * when leases are kept elsewhere.
   */
  readonly holder: string | null
  /** The name of the file in which this record continues. Readers ignore later lines. */
  readonly next: string | null
}

/** What a line of a record may change. */
export type Change = RecordChange & Partial<Pick<FileRecord, 'holder' | 'next'>>

const VERSION = 2

/**
 * A system call that is cut short, by a signal or by a full disk, ends between two blocks of a file. So
 * an incomplete line that ends at such a place was never written.
 */
export const BLOCK = 512

/** The first line of a record, with the attributes that never change. */
export function formatFacts(upload: NewUpload): string {
  return line({ version: VERSION, ...upload })
}

/** The two lines of the record of an upload that was created with all its bytes. */
export function formatWhole(upload: NewUpload, fields: WholeRecord): string {
  return formatFacts(upload) + formatChange(null, fields)
}

/**
 * Every further line: a change, and the token of the lease under which it was made. The token is null
 * for a holder whose lease cannot expire.
 */
export function formatChange(token: number | null, change: Change): string {
  return line(token === null ? change : { token, ...change })
}

/**
 * One line: JSON, a space, and the CRC-32 of the JSON. It is ASCII only, so that a position in the text is
 * the same position in the file.
 */
function line(value: object): string {
  const json = JSON.stringify(value)
  const escaped = json.replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return `${escaped} ${checkValueOf(escaped)}\n`
}

/**
 * Reads a record: applies every change to its first line, in the order of the lines. It ignores a change
 * by a stale holder.
 *
 * @param text the whole record, or what was added to it since `before` was read
 * @param before what was read before; null for the whole record
 * @param position where the text begins in the file
 * @returns null when there is no first line: the creation of the upload was cut off
 * @throws UploadError `damaged` when a line is not as it was written, or is of another version
 */
export function parseRecord(
  text: string,
  before: FileRecord | null = null,
  position = 0,
): FileRecord | null {
  let record = before
  for (let start = 0; start < text.length && record?.next == null; ) {
    const newline = text.indexOf('\n', start)
    const end = newline === -1 ? text.length : newline
    const value = newline === -1 ? null : parsedLine(text.slice(start, end))
    if (value !== null) record = record === null ? begun(value) : changed(record, value)
    else if (!isUnwritten(text.slice(start, end), position + end)) throw damaged()
    start = end + 1
  }
  return record
}

type Fields = Readonly<Record<string, unknown>>

/** True if a call was interrupted, or if zeroes replace bytes that a power loss kept from the disk. */
function isUnwritten(line: string, end: number): boolean {
  return line === '' || end % BLOCK === 0 || line.includes('\0')
}

function parsedLine(text: string): Fields | null {
  const written = text.slice(text.lastIndexOf('\0') + 1)
  const space = written.lastIndexOf(' ')
  const json = written.slice(0, Math.max(0, space))
  if (json === '' || checkValueOf(json) !== written.slice(space + 1)) return null
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'object' && value !== null ? (value as Fields) : null
  } catch {
    return null
  }
}

// Written out, since object spreads cost more time here than reading the file.
function begun(fields: Fields): FileRecord {
  if (!areFacts(fields)) throw damaged()
  const { id, length, metadata, owner, attributes, concatenation, concatenationField } = fields
  const createdAt = dateOf(fields.createdAt)
  const upload: UploadInfo = {
    id,
    length,
    metadata,
    owner,
    attributes,
    concatenation,
    concatenationField,
    ...(fields.completion === 'explicit' ? { completion: fields.completion } : {}),
    ...(fields.maxLength === undefined ? {} : { maxLength: fields.maxLength }),
    createdAt,
    offset: 0,
    updatedAt: createdAt,
    outcome: null,
  }
  return { upload, token: 0, holder: null, writer: null, data: null, next: null }
}

function changed(record: FileRecord, fields: Fields): FileRecord {
  if (!isChange(fields)) throw damaged()
  const { token = record.token, offset, length, updatedAt, outcome, next = null } = fields
  if (token < record.token) return record
  const isNewLease = typeof fields.holder === 'string'
  // The first holder that noted a token owns it.
  if (isNewLease && token === record.token) return record
  const holder = fields.holder === undefined ? record.holder : fields.holder
  // A holder that did not release its lease may still be writing.
  const left = isNewLease ? (record.writer ?? record.holder) : record.writer
  const before = record.upload
  const upload = {
    ...before,
    length: length === undefined ? before.length : length,
    offset: offsetAfter(before.offset, offset, fields.reverts === true),
    updatedAt: updatedAt === undefined ? before.updatedAt : dateOf(updatedAt),
    outcome: outcome === undefined ? before.outcome : outcome,
  }
  const writer = fields.writer === undefined ? left : fields.writer
  const data = fields.data === undefined ? record.data : fields.data
  return { upload, token, holder, writer, data, next }
}

function offsetAfter(before: number, offset: number | undefined, reverts: boolean): number {
  if (offset === undefined) return before
  return reverts ? offset : Math.max(before, offset)
}

type Facts = Omit<NewUpload, 'createdAt'> & {
  readonly version: number
  readonly createdAt: string
}

type WrittenChange = {
  readonly token?: number
  readonly offset?: number
  readonly reverts?: true
  readonly length?: number | null
  readonly updatedAt?: string
  readonly outcome?: Outcome | null
  readonly holder?: string | null
  readonly writer?: string | null
  readonly data?: string | null
  readonly next?: string
}

/** Checks the types that would cause errors later. The rest is as `formatFacts` wrote it. */
function areFacts(fields: Fields): fields is Fields & Facts {
  const { version, id, length, metadata, owner, attributes, concatenation, concatenationField } =
    fields
  const { maxLength } = fields
  return (
    version === VERSION &&
    typeof id === 'string' &&
    typeof metadata === 'string' &&
    (length === null || isCount(length)) &&
    (maxLength === undefined || isCount(maxLength)) &&
    isTextOrNull(owner) &&
    isTextOrNull(concatenationField) &&
    typeof attributes === 'object' &&
    attributes !== null &&
    typeof concatenation === 'object' &&
    typeof fields['createdAt'] === 'string'
  )
}

function isChange(fields: Fields): fields is Fields & WrittenChange {
  const { token, offset, length, updatedAt, outcome, holder, writer, data, next } = fields
  return (
    (token === undefined || isCount(token)) &&
    (offset === undefined || isCount(offset)) &&
    (length === undefined || length === null || isCount(length)) &&
    (updatedAt === undefined || typeof updatedAt === 'string') &&
    (outcome === undefined || typeof outcome === 'object') &&
    (writer === undefined || isTextOrNull(writer)) &&
    (data === undefined || isTextOrNull(data)) &&
    (holder === undefined || isTextOrNull(holder)) &&
    (next === undefined || typeof next === 'string')
  )
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string'
}

function dateOf(text: string): Date {
  const date = new Date(text)
  if (Number.isNaN(date.getTime())) throw damaged()
  return date
}

/** The error for an upload whose stored state cannot be trusted. */
export function damaged(): UploadError {
  return new UploadError('damaged', 'what was stored of the upload is damaged, create it anew')
}
