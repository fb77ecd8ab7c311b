import { proxies } from '@tusker/adapter-node'
import { urlPolicy, withCors } from '@tusker/core'

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const SIZES = {
  ...{ B: 1, kB: 1e3, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 },
  ...{ KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 },
}

/** Reads a port. Like every reader here it throws an Error that says what would be right. */
export function port(text: string): number {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (value <= 65_535) return value
  throw new Error('must be a port from 0 to 65535')
}

/** Reads a size in bytes. */
export function size(text: string): number {
  return amount(text, SIZES, 'B', 'must be a size such as 500MB or 10GiB')
}

/** Reads a time in milliseconds. */
export function time(text: string): number {
  return amount(text, UNITS, null, 'must be a time such as 90s, 15m, 12h or 7d')
}

/** Reads where uploads are created. */
export function path(text: string): string {
  const usual = text.replace(/\/+$/, '')
  if (/^(?:\/[\w.~-]+)+$/.test(usual)) return usual
  throw new Error('must be a path such as /files')
}

/** Reads a user's name and password. */
export function user(text: string): { readonly name: string; readonly password: string } {
  const [, name, password] = /^([^:]+):(.+)$/s.exec(text) ?? []
  if (name !== undefined && password !== undefined) return { name, password }
  throw new Error('must be a name and a password, name:password')
}

/** Reads a token as a Bearer header can carry it (RFC 6750, section 2.1). */
export function token(text: string): string {
  if (/^[\w.~+/-]+=*$/.test(text)) return text
  throw new Error('must be letters, digits and any of . _ ~ + / -')
}

/** Reads the origins that CORS allows. */
export function origins(text: string): '*' | readonly string[] {
  const read = text.trim() === '*' ? '*' : list(text)
  const nobody = { matches: () => false, handle: () => Promise.reject(new Error('not asked')) }
  reworded(() => withCors({ origins: read }, nobody), /^cors: /)
  return read
}

/** Reads the public URL. */
export function publicUrl(text: string): string {
  reworded(() => urlPolicy({ publicUrl: text }), /^publicUrl /)
  return text
}

/** Reads addresses and ranges of proxies. */
export function proxyRanges(text: string): readonly string[] {
  const ranges = list(text)
  proxies(...ranges)
  return ranges
}

/** Reads how the log is written. */
export function logFormat(text: string): 'text' | 'json' {
  if (text === 'text' || text === 'json') return text
  throw new Error('must be text or json')
}

/** Reads a switch as the environment has it. */
export function onOrOff(text: string): boolean {
  if (/^(?:1|true|yes|on)$/i.test(text)) return true
  if (/^(?:0|false|no|off)$/i.test(text)) return false
  throw new Error('must be on or off')
}

function list(text: string): readonly string[] {
  return text.split(',').map((part) => part.trim())
}

function amount(
  text: string,
  units: Readonly<Record<string, number>>,
  usual: string | null,
  otherwise: string,
): number {
  const [, digits = '', unit = usual] = /^(\d+(?:\.\d+)?) ?([A-Za-z]+)?$/.exec(text.trim()) ?? []
  const factor = Object.entries(units).find(([name]) => name === unit)?.[1] ?? Number.NaN
  const value = Math.round(Number(digits) * factor)
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new Error(otherwise)
}

/** The setting's name stands in front already. */
function reworded(attempt: () => unknown, prefix: RegExp): void {
  try {
    attempt()
  } catch (error) {
    throw new Error(String(error instanceof Error ? error.message : error).replace(prefix, ''), {
      cause: error,
    })
  }
}
