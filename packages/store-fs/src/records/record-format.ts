import type { NewUpload, Outcome, RecordChange, UploadInfo, UploadRecord } from '@tusker/core'
import { UploadError } from '@tusker/core'

/** A record as its file has it. */
export interface FileRecord extends UploadRecord {
  /** Who was the first to note this token, where somebody had to be. */
  readonly claim: string | null
  /** The name of the file that this record goes on in: whatever follows here does not count. */
  readonly next: string | null
}

/** What a line of it may change. */
export type Change = RecordChange & Partial<Pick<FileRecord, 'claim' | 'next'>>

const VERSION = 1

/**
 * A system call that is cut short, by a signal or for want of room, ends between two blocks of a file.
 * So a line that ends in one of them, and is no whole line, is one that never was written.
 */
export const BLOCK = 512

/** The first line of a record: the facts that never change. */
export function formatFacts(upload: NewUpload): string {
  return line({ version: VERSION, ...upload })
}

/**
 * Every further line: a change, and the token of the lease under which it was made. A null token is
 * that of somebody who cannot be overtaken.
 */
export function formatChange(token: number | null, change: Change): string {
  return line(token === null ? change : { token, ...change })
}

/** Nothing but ASCII, so that a place in the text is the same place in the file. */
function line(value: object): string {
  const json = JSON.stringify(value)
  const escaped = json.replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return `${escaped}\n`
}

/**
 * Reads a record: the facts with every change applied, in the order they were made. Changes by a
 * holder that had been overtaken by then do not count.
 *
 * @returns null when there is no first line: the creation of the upload was cut off
 * @throws UploadError `damaged` when it is not as we wrote it, or was written by a later version
 */
export function parseRecord(text: string): FileRecord | null {
  let record: FileRecord | null = null
  for (let start = 0; start < text.length && record?.next == null; ) {
    const newline = text.indexOf('\n', start)
    const end = newline === -1 ? text.length : newline
    const value = newline === -1 ? null : parsedLine(text.slice(start, end))
    if (value !== null) record = record === null ? begun(value) : changed(record, value)
    else if (!isUnwritten(text, start, end)) throw damaged()
    start = end + 1
  }
  return record
}

type Fields = Readonly<Record<string, unknown>>

/** True where a call was cut short, or zeroes stand for what was not on the disk when power was lost. */
function isUnwritten(text: string, start: number, end: number): boolean {
  return start === end || end % BLOCK === 0 || text.slice(start, end).includes('\0')
}

function parsedLine(text: string): Fields | null {
  if (text === '') return null
  try {
    const value: unknown = JSON.parse(text.slice(text.lastIndexOf('\0') + 1))
    return typeof value === 'object' && value !== null ? (value as Fields) : null
  } catch {
    return null
  }
}

// Spelled out: taking objects apart and together by `...` costs more than reading the file.
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
    createdAt,
    offset: 0,
    updatedAt: createdAt,
    outcome: null,
  }
  return { upload, token: 0, claim: null, writer: null, data: null, next: null }
}

function changed(record: FileRecord, fields: Fields): FileRecord {
  if (!isChange(fields)) throw damaged()
  const { token = record.token, offset, length, updatedAt, outcome, next = null } = fields
  if (token < record.token) return record
  if (fields.claim !== undefined && token === record.token) return record
  const claim = token === record.token ? record.claim : (fields.claim ?? null)
  const before = record.upload
  const upload = {
    ...before,
    length: length === undefined ? before.length : length,
    offset: offset === undefined ? before.offset : Math.max(before.offset, offset),
    updatedAt: updatedAt === undefined ? before.updatedAt : dateOf(updatedAt),
    outcome: outcome === undefined ? before.outcome : outcome,
  }
  const writer = fields.writer === undefined ? record.writer : fields.writer
  const data = fields.data === undefined ? record.data : fields.data
  return { upload, token, claim, writer, data, next }
}

type Facts = Omit<NewUpload, 'createdAt'> & {
  readonly version: number
  readonly createdAt: string
}

type WrittenChange = {
  readonly token?: number
  readonly offset?: number
  readonly length?: number | null
  readonly updatedAt?: string
  readonly outcome?: Outcome | null
  readonly claim?: string
  readonly writer?: string | null
  readonly data?: string | null
  readonly next?: string
}

/** Checks what would go wrong unseen; the rest is as `formatFacts` wrote it. */
function areFacts(fields: Fields): fields is Fields & Facts {
  const { version, id, length, metadata, owner, attributes, concatenation, concatenationField } =
    fields
  return (
    version === VERSION &&
    typeof id === 'string' &&
    typeof metadata === 'string' &&
    (length === null || isCount(length)) &&
    isTextOrNull(owner) &&
    isTextOrNull(concatenationField) &&
    typeof attributes === 'object' &&
    attributes !== null &&
    typeof concatenation === 'object' &&
    typeof fields['createdAt'] === 'string'
  )
}

function isChange(fields: Fields): fields is Fields & WrittenChange {
  const { token, offset, length, updatedAt, outcome, claim, writer, data, next } = fields
  return (
    (token === undefined || isCount(token)) &&
    (offset === undefined || isCount(offset)) &&
    (length === undefined || length === null || isCount(length)) &&
    (updatedAt === undefined || typeof updatedAt === 'string') &&
    (outcome === undefined || typeof outcome === 'object') &&
    (writer === undefined || isTextOrNull(writer)) &&
    (data === undefined || isTextOrNull(data)) &&
    (claim === undefined || typeof claim === 'string') &&
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

/** What a store says of an upload that it cannot vouch for. */
export function damaged(): UploadError {
  return new UploadError('damaged', 'what was stored of the upload is damaged, create it anew')
}
