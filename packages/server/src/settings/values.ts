import { proxies } from '@tusker/adapter-node'
import type { CorsPolicy, RequestHandler } from '@tusker/core'
import { parseDuration, parseSize, urlPolicy, withAllowedHosts, withCors } from '@tusker/core'

/** Reads a port. Like every reader here it throws an Error that says which values are valid. */
export function port(text: string): number {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (value <= 65_535) return value
  throw new Error('must be a port from 0 to 65535')
}

/** Reads a size in bytes. */
export function size(text: string): number {
  return positive(parseSize(text), 'must be a size such as 500MB or 10GiB')
}

/** Reads a time in milliseconds. */
export function time(text: string): number {
  return positive(parseDuration(text), 'must be a time such as 90s, 15m, 12h or 7d')
}

/** Reads the path at which uploads are created. */
export function path(text: string): string {
  const path = `/${text.replace(/^\/+|\/+$/g, '')}`
  if (/^(?:\/[\w.~-]+)+$/.test(path)) return path
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
  const read = text.trim() === '*' ? '*' : list(text).map(withoutSlash)
  assertCors({ origins: read })
  return read
}

/** Reads the names of request headers that CORS allows. */
export function headerNames(text: string): readonly string[] {
  const names = list(text)
  assertCors({ origins: '*', allowHeaders: names })
  return names
}

/** Reads the public URL. */
export function publicUrl(text: string): string {
  reworded(() => urlPolicy({ publicUrl: text }), /^publicUrl /)
  return text
}

/** Reads names of this server. */
export function hostNames(text: string): readonly string[] {
  const names = list(text)
  withAllowedHosts(names, UNUSED)
  return names
}

/** Reads addresses and ranges of proxies. */
export function proxyRanges(text: string): readonly string[] {
  const ranges = list(text)
  proxies(...ranges)
  return ranges
}

/** Reads the format of the log. */
export function logFormat(text: string): 'text' | 'json' {
  if (text === 'text' || text === 'json') return text
  throw new Error('must be text or json')
}

/** Reads a switch of the environment. */
export function onOrOff(text: string): boolean {
  if (/^(?:1|true|yes|on)$/i.test(text)) return true
  if (/^(?:0|false|no|off)$/i.test(text)) return false
  throw new Error('must be on or off')
}

/** People copy an origin from the address bar, with a slash at the end. */
function withoutSlash(origin: string): string {
  return origin.replace(/^([a-z][a-z0-9+.-]*:\/\/[^/]+)\/$/i, '$1')
}

/** A wrapper checks its options when it is created. This handler is never called. */
const UNUSED: RequestHandler = {
  matches: () => false,
  handle: () => Promise.reject(new Error('this handler is never called')),
}

function assertCors(policy: CorsPolicy): void {
  reworded(() => withCors(policy, UNUSED), /^cors: /)
}

function list(text: string): readonly string[] {
  return text.split(',').map((part) => part.trim())
}

function positive(value: number | null, problem: string): number {
  if (Number.isSafeInteger(value) && Number(value) > 0) return Number(value)
  throw new Error(problem)
}

/** Drops the prefix of a message: the name of the setting is in front of it already. */
function reworded(attempt: () => unknown, prefix: RegExp): void {
  try {
    attempt()
  } catch (error) {
    throw new Error(String(error instanceof Error ? error.message : error).replace(prefix, ''), {
      cause: error,
    })
  }
}
