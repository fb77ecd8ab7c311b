import { decodeBase64 } from './base64.ts'
import type { Cursor } from './structured-cursor.ts'
import { fail } from './structured-cursor.ts'

/** A value without parameters (RFC 9651, section 3.3). A date is in seconds since 1970. */
export type BareItem =
  | { readonly kind: 'integer' | 'decimal' | 'date'; readonly value: number }
  | { readonly kind: 'string' | 'token' | 'display-string'; readonly value: string }
  | { readonly kind: 'bytes'; readonly value: Uint8Array }
  | { readonly kind: 'boolean'; readonly value: boolean }

/** Reads one value. */
export function readBareItem(cursor: Cursor): BareItem {
  const next = cursor.peek()
  if (next === '-' || isDigit(next)) return readNumber(cursor)
  if (next === '"') return { kind: 'string', value: readString(cursor) }
  if (next === ':') return { kind: 'bytes', value: readBytes(cursor) }
  if (next === '?') return { kind: 'boolean', value: readBoolean(cursor) }
  if (next === '@') return readDate(cursor)
  if (next === '%') return { kind: 'display-string', value: readDisplayString(cursor) }
  const token = cursor.match(/[A-Za-z*][!#$%&'*+.^_`|~0-9A-Za-z:/-]*/y)
  return { kind: 'token', value: token ?? fail() }
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9' && character !== ''
}

/** An integer has at most 15 digits, a decimal at most 12 before its point and 3 after it. */
function readNumber(cursor: Cursor): BareItem {
  const text = cursor.match(/-?[0-9]+(?:\.[0-9]*)?/y) ?? fail()
  const [, whole = '', , fraction] = /^-?([0-9]+)(\.([0-9]*))?$/.exec(text) ?? []
  const value = Number(text)
  if (fraction === undefined) {
    return whole.length <= 15 ? { kind: 'integer', value } : fail()
  }
  const isDecimal = whole.length <= 12 && fraction.length >= 1 && fraction.length <= 3
  return isDecimal ? { kind: 'decimal', value } : fail()
}

function readString(cursor: Cursor): string {
  const text = cursor.match(/"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"/y) ?? fail()
  return text.slice(1, -1).replace(/\\(.)/g, '$1')
}

function readBytes(cursor: Cursor): Uint8Array {
  const text = cursor.match(/:[A-Za-z0-9+/=]*:/y) ?? fail()
  return decodeBase64(text.slice(1, -1)) ?? fail()
}

function readBoolean(cursor: Cursor): boolean {
  return (cursor.match(/\?[01]/y) ?? fail()) === '?1'
}

function readDate(cursor: Cursor): BareItem {
  cursor.take('@')
  const number = readNumber(cursor)
  return number.kind === 'integer' ? { kind: 'date', value: number.value } : fail()
}

function readDisplayString(cursor: Cursor): string {
  const text = cursor.match(/%"(?:[\x20\x21\x23\x24\x26-\x7e]|%[0-9a-f]{2})*"/y) ?? fail()
  try {
    return decodeURIComponent(text.slice(2, -1))
  } catch {
    return fail()
  }
}
