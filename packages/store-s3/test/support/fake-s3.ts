import { createHash, createHmac, randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { CREDENTIALS } from './credentials.ts'
import { escapeXml, parseXml, childrenOf, textOf } from '../../src/client/xml.ts'

/** How a provider differs from AWS. */
export interface Quirks {
  /** Which entity tags `If-Match` understands on PUT, or that conditions are ignored. `quoted` by default. */
  readonly conditions?: 'quoted' | 'unquoted' | 'ignored' | 'refused'
  /** Bytes that every part but the last must have at least. 5 MiB by default. */
  readonly smallestPart?: number
  /** True where all parts but the last must be equally long, as on R2. */
  readonly equalParts?: boolean
  /** True where Complete must name every part that was uploaded, as on Ceph. */
  readonly needsAllParts?: boolean
  /** Milliseconds by which the clock of the storage is ahead of ours. It refuses requests of another time. */
  readonly clockAhead?: number
  /** Keys of one page of a listing. 1,000 by default. */
  readonly pageSize?: number
}

/** What becomes of a request. */
export type Fault =
  | { readonly kind: 'status'; readonly status: number; readonly code: string }
  /** The connection is lost before the storage acts. */
  | { readonly kind: 'cut' }
  /** The storage acts, and its answer is lost. */
  | { readonly kind: 'lost-answer' }
  /** The storage acts, and answers 500. */
  | { readonly kind: 'late-failure' }
  /** Status 200, and an error in the body. */
  | { readonly kind: 'error-body'; readonly code: string }
  | { readonly kind: 'slow'; readonly milliseconds: number }
  /** Calls the function before the storage acts. */
  | { readonly kind: 'before'; readonly run: () => unknown }

/** A request as the fake sees it. */
export interface Seen {
  /** As `PutObject` or `UploadPart`. */
  readonly operation: string
  readonly key: string
  readonly partNumber: number | null
  readonly length: number
}

interface StoredObject {
  readonly bytes: Uint8Array
  readonly etag: string
  readonly lastModified: number
  readonly headers: Readonly<Record<string, string>>
}

interface Multipart {
  readonly key: string
  readonly headers: Readonly<Record<string, string>>
  readonly startedAt: number
  readonly parts: Map<number, { readonly bytes: Uint8Array; readonly etag: string }>
}

/** The storage, and what tests switch and look at. */
export interface FakeS3 {
  readonly fetch: typeof fetch
  handle(method: string, url: URL, headers: Headers, body: Uint8Array): Promise<Response>
  readonly objects: Map<string, StoredObject>
  readonly multiparts: Map<string, Multipart>
  /** All requests so far. */
  readonly seen: Seen[]
  /** How many requests were refused because of their time. */
  skewed(): number
  /** Decides the fate of each request until the result is called. */
  onRequest(decide: (request: Seen) => Fault | null): () => void
}

/** A strict S3 in memory with one bucket, `bucket`. */
export function fakeS3(quirks: Quirks = {}): FakeS3 {
  const { conditions = 'quoted', smallestPart = 5 * 2 ** 20, pageSize = 1_000 } = quirks
  const objects = new Map<string, StoredObject>()
  const multiparts = new Map<string, Multipart>()
  const seen: Seen[] = []
  const deciders = new Set<(request: Seen) => Fault | null>()

  async function handle(
    method: string,
    url: URL,
    headers: Headers,
    body: Uint8Array,
  ): Promise<Response> {
    const [, bucket = '', ...rest] = url.pathname.split('/')
    const key = rest.map(decodeURIComponent).join('/')
    const partNumber = url.searchParams.get('partNumber')
    const request: Seen = {
      operation: operationOf(method, key, url.searchParams, headers),
      key,
      partNumber: partNumber === null ? null : Number(partNumber),
      length: body.byteLength,
    }
    seen.push(request)
    let fault: Fault | null = null
    for (const decide of deciders) fault ??= decide(request)
    if (fault?.kind === 'slow') await sleep(fault.milliseconds)
    if (fault?.kind === 'before') await fault.run()
    if (fault?.kind === 'cut') throw new TypeError('fetch failed: the connection was cut')
    if (fault?.kind === 'status') return failure(fault.status, fault.code)
    if (fault?.kind === 'error-body') return new Response(errorXml(fault.code), { status: 200 })
    const response =
      refusedTime(headers) ??
      refusedSignature(method, url, headers) ??
      (isSignedBody(headers, body) ? null : failure(400, 'XAmzContentSHA256Mismatch')) ??
      (bucket === 'bucket'
        ? act(request, url.searchParams, headers, body)
        : failure(404, 'NoSuchBucket'))
    response.headers.set('date', new Date(now()).toUTCString())
    if (fault?.kind === 'lost-answer') throw new TypeError('fetch failed: the answer was lost')
    if (fault?.kind === 'late-failure') return failure(500, 'InternalError')
    return response
  }

  const now = (): number => Date.now() + (quirks.clockAhead ?? 0)
  let skewed = 0

  /** AWS allows a quarter of an hour. */
  function refusedTime(headers: Headers): Response | null {
    const [, day = '', time = ''] = /^(\d{8})T(\d{6})Z$/.exec(headers.get('x-amz-date') ?? '') ?? []
    const text = `${day.replace(/(....)(..)/, '$1-$2-')}T${time.replace(/(..)(..)/, '$1:$2:')}Z`
    if (Math.abs(Date.parse(text) - now()) < 15 * 60_000) return null
    skewed += 1
    return failure(403, 'RequestTimeTooSkewed')
  }

  function act(
    request: Seen,
    query: URLSearchParams,
    headers: Headers,
    body: Uint8Array,
  ): Response {
    const { key, operation } = request
    switch (operation) {
      case 'PutObject':
        return put(key, headers, body)
      case 'GetObject':
      case 'HeadObject':
        return get(key, headers, operation === 'HeadObject')
      case 'DeleteObject':
        objects.delete(key)
        return new Response(null, { status: 204 })
      case 'ListObjectsV2':
        return list(query)
      case 'ListMultipartUploads':
        return listMultiparts(query)
      case 'CreateMultipartUpload':
        return create(key, headers)
      default:
        return onMultipart(request, query, headers, body)
    }
  }

  function put(key: string, headers: Headers, body: Uint8Array): Response {
    const failed = failedCondition(objects.get(key), headers)
    if (failed !== null) return failed
    const etag = md5(body)
    objects.set(key, { bytes: body, etag, lastModified: Date.now(), headers: keptHeaders(headers) })
    return new Response(null, { headers: { etag: `"${etag}"` } })
  }

  function failedCondition(object: StoredObject | undefined, headers: Headers): Response | null {
    const ifMatch = headers.get('if-match')
    const ifNoneMatch = headers.get('if-none-match')
    if (conditions === 'ignored' || (ifMatch === null && ifNoneMatch === null)) return null
    if (conditions === 'refused') return failure(501, 'NotImplemented')
    if (ifNoneMatch === '*' && object !== undefined) return failure(412, 'PreconditionFailed')
    if (ifMatch === null) return null
    if (object === undefined) return failure(404, 'NoSuchKey')
    const expected = conditions === 'quoted' ? `"${object.etag}"` : object.etag
    return ifMatch === expected ? null : failure(412, 'PreconditionFailed')
  }

  function get(key: string, headers: Headers, isHead: boolean): Response {
    const object = objects.get(key)
    if (object === undefined) {
      return isHead ? new Response(null, { status: 404 }) : failure(404, 'NoSuchKey')
    }
    const { bytes } = object
    const range = /^bytes=(\d+)-(\d+)$/.exec(headers.get('range') ?? '')
    const start = Number(range?.[1] ?? 0)
    if (range !== null && start >= bytes.byteLength) return failure(416, 'InvalidRange')
    const end = Math.min(Number(range?.[2] ?? bytes.byteLength - 1) + 1, bytes.byteLength)
    const fields = new Headers({
      ...object.headers,
      etag: `"${object.etag}"`,
      'last-modified': new Date(object.lastModified).toUTCString(),
      'content-length': String(end - start),
    })
    if (range !== null) fields.set('content-range', `bytes ${start}-${end - 1}/${bytes.byteLength}`)
    const part = bytes.slice(start, end)
    return new Response(isHead ? null : part, {
      status: range === null ? 200 : 206,
      headers: fields,
    })
  }

  function list(query: URLSearchParams): Response {
    const prefix = query.get('prefix') ?? ''
    const after = query.get('continuation-token') ?? ''
    const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).sort()
    const page = keys.slice(0, pageSize)
    const items = page.map((key) => {
      const { bytes, lastModified } = objects.get(key)!
      const date = new Date(lastModified).toISOString()
      return `<Contents><Key>${escapeXml(key)}</Key><LastModified>${date}</LastModified><Size>${bytes.byteLength}</Size></Contents>`
    })
    const more = keys.length > page.length
    const token = more
      ? `<NextContinuationToken>${escapeXml(page.at(-1)!)}</NextContinuationToken>`
      : ''
    return xml(
      `<ListBucketResult><IsTruncated>${more}</IsTruncated>${token}${items.join('')}</ListBucketResult>`,
    )
  }

  function listMultiparts(query: URLSearchParams): Response {
    const prefix = query.get('prefix') ?? ''
    const items = [...multiparts]
      .filter(([, { key }]) => key.startsWith(prefix))
      .map(([id, { key, startedAt }]) => {
        const date = new Date(startedAt).toISOString()
        return `<Upload><Key>${escapeXml(key)}</Key><UploadId>${id}</UploadId><Initiated>${date}</Initiated></Upload>`
      })
    return xml(
      `<ListMultipartUploadsResult><IsTruncated>false</IsTruncated>${items.join('')}</ListMultipartUploadsResult>`,
    )
  }

  function create(key: string, headers: Headers): Response {
    const id = randomBytes(9).toString('base64url')
    multiparts.set(id, {
      key,
      headers: keptHeaders(headers),
      startedAt: Date.now(),
      parts: new Map(),
    })
    return xml(
      `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
    )
  }

  function onMultipart(
    request: Seen,
    query: URLSearchParams,
    headers: Headers,
    body: Uint8Array,
  ): Response {
    const id = query.get('uploadId') ?? ''
    const multipart = multiparts.get(id)
    if (multipart === undefined || multipart.key !== request.key)
      return failure(404, 'NoSuchUpload')
    switch (request.operation) {
      case 'UploadPart':
        return keepPart(multipart, request.partNumber ?? 0, body)
      case 'UploadPartCopy': {
        const source = copySource(headers)
        if (source === null) return failure(404, 'NoSuchKey')
        const response = keepPart(multipart, request.partNumber ?? 0, source)
        return response.status === 200
          ? xml(`<CopyPartResult><ETag>&quot;${md5(source)}&quot;</ETag></CopyPartResult>`)
          : response
      }
      case 'ListParts': {
        const items = [...multipart.parts]
          .sort(([a], [b]) => a - b)
          .map(
            ([number, { bytes, etag }]) =>
              `<Part><PartNumber>${number}</PartNumber><ETag>&quot;${etag}&quot;</ETag><Size>${bytes.byteLength}</Size></Part>`,
          )
        return xml(
          `<ListPartsResult><IsTruncated>false</IsTruncated>${items.join('')}</ListPartsResult>`,
        )
      }
      case 'AbortMultipartUpload':
        multiparts.delete(id)
        return new Response(null, { status: 204 })
      default:
        return complete(id, multipart, body)
    }
  }

  function keepPart(multipart: Multipart, number: number, bytes: Uint8Array): Response {
    if (!(number >= 1 && number <= 10_000)) return failure(400, 'InvalidArgument')
    const etag = md5(bytes)
    multipart.parts.set(number, { bytes, etag })
    return new Response(null, { headers: { etag: `"${etag}"` } })
  }

  function copySource(headers: Headers): Uint8Array | null {
    const source = decodeURIComponent(headers.get('x-amz-copy-source') ?? '').replace(
      /^\/?bucket\//,
      '',
    )
    const range = /^bytes=(\d+)-(\d+)$/.exec(headers.get('x-amz-copy-source-range') ?? '')
    const bytes = objects.get(source)?.bytes
    if (bytes === undefined || range === null || Number(range[2]) >= bytes.byteLength) return null
    return bytes.slice(Number(range[1]), Number(range[2]) + 1)
  }

  function complete(id: string, multipart: Multipart, body: Uint8Array): Response {
    const named = childrenOf(parseXml(new TextDecoder().decode(body)), 'Part').map((part) => ({
      number: Number(textOf(part, 'PartNumber')),
      etag: textOf(part, 'ETag').replaceAll('"', ''),
    }))
    if (named.length === 0) return failure(400, 'MalformedXML')
    if (named.some(({ number }, index) => number <= (named[index - 1]?.number ?? 0))) {
      return failure(400, 'InvalidPartOrder')
    }
    const parts = named.map(({ number, etag }) => {
      const part = multipart.parts.get(number)
      return part?.etag === etag ? part : null
    })
    if (parts.includes(null)) return failure(400, 'InvalidPart')
    if (quirks.needsAllParts === true && multipart.parts.size !== named.length) {
      return failure(400, 'InvalidPart')
    }
    const all = parts.filter((part) => part !== null)
    const sizes = all.slice(0, -1).map(({ bytes }) => bytes.byteLength)
    if (sizes.some((size) => size < smallestPart)) return failure(400, 'EntityTooSmall')
    if (quirks.equalParts === true && new Set(sizes).size > 1) return failure(400, 'InvalidPart')
    const bytes = Buffer.concat(all.map((part) => part.bytes))
    const etag = `${md5(Buffer.concat(all.map((part) => Buffer.from(part.etag, 'hex'))))}-${all.length}`
    objects.set(multipart.key, {
      bytes,
      etag,
      lastModified: Date.now(),
      headers: multipart.headers,
    })
    multiparts.delete(id)
    return xml(
      `<CompleteMultipartUploadResult><ETag>&quot;${etag}&quot;</ETag></CompleteMultipartUploadResult>`,
    )
  }

  return {
    handle,
    objects,
    multiparts,
    seen,
    skewed: () => skewed,
    onRequest(decide) {
      deciders.add(decide)
      return () => deciders.delete(decide)
    },
    async fetch(input, init = {}) {
      const url = new URL(input instanceof Request ? input.url : input)
      const body =
        init.body == null
          ? new Uint8Array(0)
          : new Uint8Array(await new Response(init.body).arrayBuffer())
      const { method = 'GET' } = init
      const work = handle(method, url, new Headers(init.headers), body)
      return orAborted(work, init.signal ?? null)
    },
  }
}

function orAborted(work: Promise<Response>, signal: AbortSignal | null): Promise<Response> {
  if (signal === null) return work
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error)
    signal.addEventListener('abort', abort, { once: true })
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

function operationOf(
  method: string,
  key: string,
  query: URLSearchParams,
  headers: Headers,
): string {
  if (key === '') return query.has('uploads') ? 'ListMultipartUploads' : 'ListObjectsV2'
  if (method === 'POST')
    return query.has('uploads') ? 'CreateMultipartUpload' : 'CompleteMultipartUpload'
  if (query.has('uploadId')) {
    if (method === 'GET') return 'ListParts'
    if (method === 'DELETE') return 'AbortMultipartUpload'
    return headers.has('x-amz-copy-source') ? 'UploadPartCopy' : 'UploadPart'
  }
  const names = { GET: 'GetObject', HEAD: 'HeadObject', PUT: 'PutObject', DELETE: 'DeleteObject' }
  return names[method as keyof typeof names] ?? method
}

/** A response when the request is not signed with the keys of the test. */
function refusedSignature(method: string, url: URL, headers: Headers): Response | null {
  const authorization = headers.get('authorization') ?? ''
  const date = headers.get('x-amz-date') ?? ''
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/((\d+)\/([^/]+)\/s3\/aws4_request), SignedHeaders=([^,]+), Signature=(.+)$/.exec(
      authorization,
    )
  if (match === null) return failure(403, 'AccessDenied')
  const [, account, scope = '', day = '', region = '', names = '', signature] = match
  if (account !== CREDENTIALS.accessKeyId) return failure(403, 'InvalidAccessKeyId')
  if (!names.split(';').includes('host')) return failure(403, 'AccessDenied')
  const canonical = [
    method,
    url.pathname,
    url.search.slice(1).split('&').filter(Boolean).map(withValue).sort().join('&'),
    ...names.split(';').map((name) => `${name}:${name === 'host' ? url.host : headers.get(name)}`),
    '',
    names,
    headers.get('x-amz-content-sha256') ?? '',
  ].join('\n')
  const digest = createHash('sha256').update(canonical).digest('hex')
  const key = [day, region, 's3', 'aws4_request'].reduce<Buffer | string>(
    (secret, text) => hmac(secret, text),
    `AWS4${CREDENTIALS.secretAccessKey}`,
  )
  const text = ['AWS4-HMAC-SHA256', date, scope, digest].join('\n')
  const expected = hmac(key, text).toString('hex')
  return expected === signature ? null : failure(403, 'SignatureDoesNotMatch')
}

function withValue(pair: string): string {
  return pair.includes('=') ? pair : `${pair}=`
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

/** True when the body is the one that was signed. */
function isSignedBody(headers: Headers, body: Uint8Array): boolean {
  const hash = headers.get('x-amz-content-sha256') ?? ''
  return hash === 'UNSIGNED-PAYLOAD' || hash === createHash('sha256').update(body).digest('hex')
}

function keptHeaders(headers: Headers): Record<string, string> {
  const kept =
    /^(content-(type|disposition)|cache-control|x-amz-(meta-.*|storage-class|server-side-encryption.*))$/
  return Object.fromEntries([...headers].filter(([name]) => kept.test(name)))
}

function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex')
}

function xml(text: string): Response {
  return new Response(`<?xml version="1.0" encoding="UTF-8"?>\n${text}`)
}

function errorXml(code: string): string {
  return `<?xml version="1.0"?><Error><Code>${code}</Code><Message>as the test asked</Message></Error>`
}

function failure(status: number, code: string): Response {
  return new Response(errorXml(code), { status })
}
