import type { Concatenation, Outcome, UploadInfo } from '@tusker/core'
import { UploadError } from '@tusker/core'

/** All that is known of an upload but its bytes. */
export interface UploadRecord extends UploadInfo {
  /** The highest fencing token under which it was changed. */
  readonly token: number
}

const VERSION = 1

/** Writes a record as it is kept. */
export function formatRecord(record: UploadRecord): string {
  return JSON.stringify({ version: VERSION, ...record })
}

/**
 * Reads a record.
 *
 * @throws UploadError `damaged` when it is not whole, or was written by a later version
 */
export function parseRecord(text: string): UploadRecord {
  const value = parsed(text)
  if (value === null || !isRecord(value)) {
    throw new UploadError('damaged', 'what was stored of the upload is damaged, create it anew')
  }
  const { version: _, createdAt, touchedAt, ...rest } = value
  return { ...rest, createdAt: new Date(createdAt), touchedAt: new Date(touchedAt) }
}

type Stored = Omit<UploadRecord, 'createdAt' | 'touchedAt'> & {
  readonly version: number
  readonly createdAt: string
  readonly touchedAt: string
}

function parsed(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

/** Checks what would go wrong unseen; the rest is as `formatRecord` wrote it, or the text is not whole. */
function isRecord(
  value: Readonly<Record<string, unknown>>,
): value is Readonly<Record<string, unknown>> & Stored {
  const { version, id, length, offset, metadata, token, createdAt, touchedAt } = value
  return (
    version === VERSION &&
    typeof id === 'string' &&
    typeof metadata === 'string' &&
    isCount(offset) &&
    isCount(token) &&
    (length === null || (isCount(length) && length >= offset)) &&
    isDate(createdAt) &&
    isDate(touchedAt) &&
    isObjectOrNull<Outcome>(value['outcome']) &&
    isObjectOrNull<Concatenation>(value['concatenation'])
  )
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function isDate(value: unknown): value is string {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value))
}

function isObjectOrNull<Type extends object>(value: unknown): value is Type | null {
  return typeof value === 'object'
}
