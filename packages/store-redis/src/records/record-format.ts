import type { NewUpload, Outcome, UploadInfo } from '@tusker/core'
import { damaged } from '../errors.ts'

/** An upload without its bytes. */
export interface UploadRecord {
  readonly upload: UploadInfo
  /** The highest fencing token under which it was changed. */
  readonly token: number
}

/** The fields of a record that change, as texts. */
export interface StoredState {
  readonly facts: string
  /** Empty until it is declared. */
  readonly length: string
  readonly offset: string
  /** Milliseconds since 1970. */
  readonly updatedAt: string
  /** Empty until the outcome is recorded. */
  readonly outcome: string
  readonly token: string
}

const VERSION = 1

/** The fields of an upload that never change. */
export function formatFacts({ length, ...attributes }: NewUpload): string {
  return JSON.stringify({ version: VERSION, ...attributes })
}

export function formatLength(length: number | null): string {
  return length === null ? '' : String(length)
}

export function formatOutcome(outcome: Outcome | null): string {
  return outcome === null ? '' : JSON.stringify(outcome)
}

/** A null token is that of a holder that cannot lose its lease. */
export function formatToken(token: number | null): string {
  return token === null ? '' : String(token)
}

/** @throws UploadError `damaged` when the record is not as we wrote it, or has a later version */
export function parseState(id: string, state: StoredState): UploadRecord {
  const { createdAt, ...attributes } = parseFacts(state.facts)
  if (attributes.id !== id) throw damaged()
  const upload: UploadInfo = {
    ...attributes,
    createdAt: dateOf(createdAt),
    length: state.length === '' ? null : countOf(state.length),
    offset: countOf(state.offset),
    updatedAt: dateOf(Number(state.updatedAt)),
    outcome: state.outcome === '' ? null : (parsed(state.outcome) as unknown as Outcome),
  }
  return { upload, token: countOf(state.token) }
}

type StoredFacts = Omit<NewUpload, 'createdAt' | 'length'> & { readonly createdAt: string }

/** Checks the fields whose damage would stay unnoticed; the rest is as `formatFacts` wrote it. */
function parseFacts(text: string): StoredFacts {
  const { version, ...facts } = parsed(text)
  if (version !== VERSION || typeof facts['metadata'] !== 'string') throw damaged()
  if (typeof facts['attributes'] !== 'object' || typeof facts['createdAt'] !== 'string')
    throw damaged()
  return facts as unknown as StoredFacts
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {
    // Reported below.
  }
  throw damaged()
}

function countOf(text: string): number {
  const count = Number(text)
  if (text === '' || !Number.isSafeInteger(count) || count < 0) throw damaged()
  return count
}

function dateOf(time: string | number): Date {
  const date = new Date(time)
  if (Number.isNaN(date.getTime())) throw damaged()
  return date
}
