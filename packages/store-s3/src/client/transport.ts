import { UploadError } from '@tusker/core'
import { codeOfStatus, isS3Error, S3Error } from './errors.ts'
import { hashes } from './hashes.ts'
import type { Payload } from './port.ts'
import { sendable } from './request-body.ts'
import type { S3Credentials } from './sign.ts'
import { encodeUri, presigned, signed, UNSIGNED } from './sign.ts'
import { parseXml, textOf } from './xml.ts'

/** The address of the bucket, and the settings for signing and retrying requests. */
export interface TransportOptions {
  /** The scheme, host and port of the storage. */
  readonly endpoint: URL
  readonly bucket: string
  readonly region: string
  /** True for `https://host/bucket/key`, false for `https://bucket.host/key`. */
  readonly forcePathStyle: boolean
  readonly credentials: () => Promise<S3Credentials>
  readonly fetch: typeof fetch
  /** Milliseconds for which a request is retried after a temporary failure. */
  readonly patience: number
}

/** A request to the bucket. */
export interface S3Request {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  /** Empty for the bucket itself. */
  readonly key: string
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly payload?: Payload
}

/** Sends requests. */
export interface Transport {
  /**
   * Resolves to a response with a 2xx status, and rejects with an `S3Error` for any other. A request is
   * retried after a temporary failure: the storage throttles, fails, or cannot be reached.
   *
   * @param check reads the response; an error that it throws is handled like a failed request
   */
  send<Result>(request: S3Request, check: (response: Response) => Promise<Result>): Promise<Result>
  presign(key: string, seconds: number, query: Readonly<Record<string, string>>): Promise<string>
}

/** Milliseconds that a storage lets a clock be wrong, and more than whole seconds hide. */
const CLOCK_MARGIN = 60_000

/** Payloads up to this size in bytes are signed; larger ones would be hashed only for that. */
const SIGNED_AT_MOST = 64 * 1024

/** The first and the longest pause in milliseconds before a request is repeated. */
const FIRST_PAUSE = 40
const LONGEST_PAUSE = 2_000

/** Milliseconds that any request may take, and those for each byte it sends: 128 KiB a second. */
const REQUEST_TIME = 15_000
const TIME_PER_BYTE = 1_000 / (128 * 1024)

export function transportTo(options: TransportOptions): Transport {
  const { endpoint, bucket, region, forcePathStyle } = options

  function urlOf(key: string, query: Readonly<Record<string, string>> = {}): URL {
    const url = new URL(endpoint)
    if (!forcePathStyle) url.host = `${bucket}.${url.host}`
    const path = key.split('/').map(encodeUri).join('/')
    const base = url.pathname.replace(/\/$/, '')
    url.pathname = `${base}/${forcePathStyle ? `${bucket}/` : ''}${path}`
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
    // As the signature has it: a space is `%20` there.
    url.search = url.search.replace(/\+/g, '%20')
    return url
  }

  /** Milliseconds by which the storage's clock is ahead of ours, set after it rejected our time. */
  let ahead = 0

  async function scope() {
    const now = new Date(Date.now() + ahead)
    return { credentials: await options.credentials(), region, now }
  }

  /** Sets our clock by a storage that rejected our time. False if that cannot help. */
  function isClockSet(response: Response, error: S3Error): boolean {
    const time = Date.parse(response.headers.get('date') ?? '')
    if (error.code !== 'RequestTimeTooSkewed' || Number.isNaN(time)) return false
    const before = ahead
    ahead = time - Date.now()
    return Math.abs(ahead - before) > CLOCK_MARGIN
  }

  async function sendOnce(request: S3Request): Promise<Response> {
    const { method, headers = {}, payload } = request
    const url = urlOf(request.key, request.query)
    const [bytes = new Uint8Array(0)] = payload?.chunks ?? []
    const isSigned =
      payload === undefined || (payload.chunks.length < 2 && payload.length <= SIGNED_AT_MOST)
    const hash = isSigned ? await hashes.sha256(bytes) : UNSIGNED
    const complete = await signed({ method, url, headers }, hash, await scope())
    const time = Math.ceil(REQUEST_TIME + (payload?.length ?? 0) * TIME_PER_BYTE)
    return options.fetch(url, {
      method,
      headers: complete,
      redirect: 'manual',
      signal: AbortSignal.timeout(time),
      ...(payload === undefined ? {} : sendable(payload, complete)),
    })
  }

  return {
    async send(request, check) {
      const until = performance.now() + options.patience
      for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
        try {
          const response = await sendOnce(request)
          if (response.status >= 200 && response.status < 300) return await check(response)
          const error = await errorOf(response)
          if (!isClockSet(response, error)) throw error
        } catch (error) {
          if (!isPassing(error)) throw error
          // Requests that were throttled together must not all be retried at the same moment.
          const wait = pause * (0.5 + Math.random())
          if (performance.now() + wait > until) throw unavailable(error)
          await new Promise((resolve) => setTimeout(resolve, wait))
        }
      }
    },

    presign: async (key, seconds, query) => presigned(urlOf(key, query), seconds, await scope()),
  }
}

/** The error that clients get while the storage does not respond. */
export function unavailable(cause: unknown): UploadError {
  return new UploadError('unavailable', 'the storage does not answer now, try again', {
    cause,
    headers: { 'retry-after': '5' },
  })
}

/** Reads the error of a response: from its XML, and from its status where it has none. */
export async function errorOf(response: Response): Promise<S3Error> {
  const text = await response.text()
  const { status } = response
  const region = response.headers.get('x-amz-bucket-region')
  const hint = region === null ? '' : `; the bucket is in the region ${region}`
  try {
    const error = parseXml(text)
    const code = textOf(error, 'Code') || codeOfStatus(status)
    return new S3Error(code, status, `${code}: ${textOf(error, 'Message') || status}${hint}`)
  } catch {
    const code = codeOfStatus(status)
    return new S3Error(code, status, `${code}: HTTP status ${status}${hint}`)
  }
}

const PASSING_STATUS = new Set([408, 429, 500, 502, 503, 504])
const PASSING_CODES = [
  'ConditionalRequestConflict',
  'OperationAborted',
  'RequestTimeout',
  'SlowDown',
]

/** True for a failure after which the same request may succeed. */
function isPassing(error: unknown): boolean {
  if (isS3Error(error))
    return PASSING_STATUS.has(error.status) || isS3Error(error, ...PASSING_CODES)
  // `fetch` rejects with a TypeError when the connection fails, and a timeout is a DOMException.
  return error instanceof TypeError || error instanceof DOMException
}
