import { UploadError } from '@tusker/core'

/** The part of a listing that a client asks for, as in plone.restapi: `b_start` and `b_size`. */
export interface Batch {
  readonly start: number
  readonly size: number
}

/** Links to the parts of a listing. */
export interface BatchLinks {
  readonly '@id': string
  readonly first: string
  readonly last: string
  readonly next?: string
  readonly prev?: string
}

const DEFAULT_SIZE = 100
const MAX_SIZE = 500

/**
 * Reads the part of a listing from a query. It has 100 objects by default, and 500 at most.
 *
 * @throws UploadError `malformed_request`
 */
export function batchOf(query: string | undefined): Batch {
  const parameters = new URLSearchParams(query)
  const start = numberIn(parameters, 'b_start', 0) ?? 0
  const size = numberIn(parameters, 'b_size', 1) ?? DEFAULT_SIZE
  return { start, size: Math.min(size, MAX_SIZE) }
}

function numberIn(parameters: URLSearchParams, name: string, least: number): number | null {
  const text = parameters.get(name)
  if (text === null) return null
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (value >= least) return value
  throw new UploadError('malformed_request', `${name} must be a number from ${least} on`)
}

/** The links of a part; null when it is all there is. */
export function linksOf({ start, size }: Batch, total: number, url: string): BatchLinks | null {
  if (start === 0 && total <= size) return null
  const at = (from: number): string => `${url}?b_start=${from}&b_size=${size}`
  const last = Math.max(0, Math.ceil(total / size) - 1) * size
  return {
    '@id': at(start),
    first: at(0),
    last: at(last),
    ...(start + size < total ? { next: at(start + size) } : {}),
    ...(start > 0 ? { prev: at(Math.max(0, start - size)) } : {}),
  }
}
