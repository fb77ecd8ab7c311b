import type { UploadEngine } from '../engine/engine.ts'
import { limitOf } from '../engine/length-limits.ts'
import type { HeaderFields } from '../model/http.ts'
import type { Size } from '../options/quantity.ts'
import { parseSize } from '../options/quantity.ts'
import type { UploadInfo } from '../model/upload.ts'
import type { DraftVersion } from './versions.ts'

/** Limits of one request: numbers of bytes, or text such as `'5MiB'`. There are none by default. */
export interface RequestLimits {
  /**
   * The least length of an upload that clients can resume. A client must send a shorter upload, or one of
   * unknown length, in one request. No 104 response announces its URL.
   */
  readonly minSize?: Size
  /** The most content of one request. Set it if a proxy before the server has such a limit. */
  readonly maxAppendSize?: Size
  /** The least content of a request, unless it creates an upload without content or completes one. */
  readonly minAppendSize?: Size
}

/** The same limits in bytes. */
export type CheckedLimits = { readonly [Name in keyof RequestLimits]: number }

const NAMES = ['minSize', 'maxAppendSize', 'minAppendSize'] as const

/** @throws Error when a limit is not a whole number of bytes */
export function checkedLimits(given: RequestLimits): CheckedLimits {
  const limits: { -readonly [Name in keyof RequestLimits]: number } = {}
  for (const name of NAMES) {
    const value = given[name]
    if (value === undefined) continue
    const bytes = parseSize(value)
    if (bytes === null || bytes === Number.POSITIVE_INFINITY) {
      throw new Error(`resumableUpload: ${name} must be a whole number of bytes: ${value}`)
    }
    limits[name] = bytes
  }
  const { maxAppendSize, minAppendSize = 0 } = limits
  if (maxAppendSize !== undefined && maxAppendSize < Math.max(1, minAppendSize)) {
    throw new Error('resumableUpload: maxAppendSize must be at least 1 and at least minAppendSize')
  }
  return limits
}

/** `Upload-Limit` for one upload, or for any new upload if `upload` is null. */
export function limitFields<Context>(
  engine: UploadEngine<Context>,
  limits: CheckedLimits,
  version: DraftVersion,
  upload: UploadInfo | null = null,
  maxLength: number | null = limitOf(engine.capabilities, upload),
): HeaderFields {
  if (version.lifetime === null) return {}
  const lifetime = upload === null ? engine.capabilities.expireAfter : remaining(engine, upload)
  const members: (readonly [name: string, value: number | null | undefined])[] = [
    ['max-size', maxLength],
    ['min-size', limits.minSize],
    ['max-append-size', limits.maxAppendSize],
    ['min-append-size', limits.minAppendSize],
    [version.lifetime, lifetime === null ? null : Math.max(0, Math.floor(lifetime / 1_000))],
  ]
  const known = members.filter(([, value]) => value !== null && value !== undefined)
  const texts = known.map(([name, value]) => `${name}=${Math.min(value ?? 0, MAX_INTEGER)}`)
  return { 'upload-limit': texts.length === 0 ? 'min-size=0' : texts.join(', ') }
}

/** The largest Integer of a structured field. */
const MAX_INTEGER = 999_999_999_999_999

function remaining<Context>(engine: UploadEngine<Context>, upload: UploadInfo): number | null {
  const expiry = engine.expiryOf(upload)
  return expiry === null ? null : expiry.getTime() - Date.now()
}
