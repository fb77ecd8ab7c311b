import type {
  Bucket,
  ListedMultipart,
  ListedObject,
  ObjectHeaders,
  ObjectInfo,
  Part,
  PutCondition,
} from './port.ts'
import { payloadOf } from './port.ts'
import { isAbsent, isS3Error, S3Error } from './errors.ts'
import { listPages } from './pages.ts'
import { encodeUri } from './sign.ts'
import type { S3Request, Transport } from './transport.ts'
import type { XmlElement } from './xml.ts'
import { child, childrenOf, escapeXml, parseXml, textOf } from './xml.ts'

/** The form of the entity tag in a condition: the standard requires quotes, Ceph requires none. */
export type EtagStyle = 'quoted' | 'unquoted'

/** The properties of a bucket that its requests need. */
export interface BucketSettings {
  readonly style: () => EtagStyle
  readonly name: string
  /** Header fields that go with every object. */
  readonly headers: ObjectHeaders
}

/** The operations of a bucket over HTTP. */
export function bucketOver(transport: Transport, settings: BucketSettings): Bucket {
  const send = <Result>(request: S3Request, check: (response: Response) => Promise<Result>) =>
    transport.send(request, check)

  async function read<Result>(
    method: 'GET' | 'HEAD',
    key: string,
    range: readonly [number, number] | undefined,
    check: (response: Response) => Promise<Result>,
  ): Promise<Result | null> {
    const headers: Record<string, string> = { 'accept-encoding': 'identity' }
    if (range !== undefined) headers['range'] = `bytes=${range[0]}-${range[1]}`
    try {
      return await send({ method, key, headers }, check)
    } catch (error) {
      if (isAbsent(error)) return null
      throw error
    }
  }

  function conditionFields(condition: PutCondition | undefined): Record<string, string> {
    if (condition === undefined) return {}
    const { etag } = condition
    if (etag === null) return { 'if-none-match': '*' }
    return { 'if-match': settings.style() === 'quoted' ? `"${etag}"` : etag }
  }

  const partQuery = (multipartId: string, number: number) => ({
    partNumber: String(number),
    uploadId: multipartId,
  })

  return {
    put: (key, payload, { headers = {}, condition } = {}) =>
      send(
        {
          method: 'PUT',
          key,
          payload,
          headers: { ...settings.headers, ...headers, ...conditionFields(condition) },
        },
        etagAfter,
      ),

    get: (key, range) =>
      read('GET', key, range, async (response) => {
        const body: ReadableStream<Uint8Array> | null = response.body
        if (body === null) throw new Error('the storage sent an object without a body')
        return { ...infoOf(response), body }
      }),

    load: (key, range) =>
      read('GET', key, range, async (response) => {
        const bytes = new Uint8Array(await response.arrayBuffer())
        const length = response.headers.get('content-length')
        if (length !== null && Number(length) !== bytes.byteLength) {
          throw new TypeError(`only ${bytes.byteLength} of ${length} bytes of an object came`)
        }
        return { info: infoOf(response), bytes }
      }),

    head: (key) => read('HEAD', key, undefined, async (response) => infoOf(response)),

    async remove(key) {
      await send({ method: 'DELETE', key }, drained).catch(unlessAbsent)
    },

    list: (prefix) =>
      listPages(
        (query) => send({ method: 'GET', key: '', query }, xmlOf),
        { 'list-type': '2', prefix },
        ({ root }) => ({
          items: childrenOf(root, 'Contents').map(objectOf),
          next: nextOf(root, { 'continuation-token': 'NextContinuationToken' }),
        }),
      ),

    createMultipart: (key, fields) => {
      const headers = { ...settings.headers, ...fields }
      return send({ method: 'POST', key, query: { uploads: '' }, headers }, async (response) => {
        const id = textOf(await xmlOf(response), 'UploadId')
        if (id === '') throw new Error('the storage named no id of the multipart upload')
        return id
      })
    },

    uploadPart: ({ key, multipartId, number }, payload) =>
      send({ method: 'PUT', key, payload, query: partQuery(multipartId, number) }, etagAfter),

    copyPart: ({ key, multipartId, number }, source) => {
      const from = source.key.split('/').map(encodeUri).join('/')
      const headers = {
        'x-amz-copy-source': `${encodeUri(settings.name)}/${from}`,
        'x-amz-copy-source-range': `bytes=${source.start}-${source.end - 1}`,
      }
      const query = partQuery(multipartId, number)
      return send({ method: 'PUT', key, query, headers }, async (response) =>
        unquoted(textOf(await xmlOf(response), 'ETag')),
      )
    },

    async completeMultipart(key, multipartId, parts) {
      const payload = payloadOf(new TextEncoder().encode(completion(parts)))
      const query = { uploadId: multipartId }
      const headers = { 'content-type': 'application/xml' }
      // A failure may come with status 200, since the storage answers before it is done.
      await send({ method: 'POST', key, query, headers, payload }, xmlOf)
    },

    async abortMultipart(key, multipartId) {
      const query = { uploadId: multipartId }
      await send({ method: 'DELETE', key, query }, drained).catch(unlessAbsent)
    },

    listMultiparts: (prefix) =>
      listPages(
        (query) => send({ method: 'GET', key: '', query }, xmlOf),
        { uploads: '', prefix },
        ({ root }) => ({
          items: childrenOf(root, 'Upload').map(multipartOf),
          next: nextOf(root, {
            'key-marker': 'NextKeyMarker',
            'upload-id-marker': 'NextUploadIdMarker',
          }),
        }),
      ),

    listParts: (key, multipartId) =>
      listPages(
        (query) => send({ method: 'GET', key, query }, xmlOf),
        { uploadId: multipartId },
        ({ root }) => ({
          items: childrenOf(root, 'Part').map(partOf),
          next: nextOf(root, { 'part-number-marker': 'NextPartNumberMarker' }),
        }),
      ),

    presign: (key, seconds, query) => transport.presign(key, seconds, query),
  }
}

async function etagAfter(response: Response): Promise<string> {
  await drained(response)
  const etag = unquoted(response.headers.get('etag') ?? '')
  if (etag === '') throw new Error('the storage named no entity tag of what it stored')
  return etag
}

/** Reads what is left of a response, so that its connection can be used again. */
async function drained(response: Response): Promise<void> {
  await response.arrayBuffer()
}

async function xmlOf(response: Response): Promise<XmlElement> {
  const root = parseXml((await response.text()).trim())
  if (root.name !== 'Error') return root
  const code = textOf(root, 'Code')
  // Like other failures of a server, an internal error may be temporary.
  const status = code === 'InternalError' || code === 'SlowDown' ? 500 : 400
  throw new S3Error(code, status, `${code}: ${textOf(root, 'Message')}`)
}

function unlessAbsent(error: unknown): void {
  if (!isAbsent(error)) throw error
}

function infoOf({ headers, status }: Response): ObjectInfo {
  const metadata = new Map<string, string>()
  for (const [name, value] of headers) {
    if (name.startsWith('x-amz-meta-')) metadata.set(name.slice('x-amz-meta-'.length), value)
  }
  const whole = /\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1]
  const size = Number(status === 206 && whole !== undefined ? whole : headers.get('content-length'))
  const lastModified = Date.parse(headers.get('last-modified') ?? '')
  return {
    size,
    etag: unquoted(headers.get('etag') ?? ''),
    lastModified,
    now: Date.parse(headers.get('date') ?? '') || lastModified,
    metadata,
  }
}

function objectOf(element: XmlElement): ListedObject {
  return {
    key: textOf(element, 'Key'),
    size: Number(textOf(element, 'Size')),
    lastModified: Date.parse(textOf(element, 'LastModified')),
  }
}

function multipartOf(element: XmlElement): ListedMultipart {
  return {
    key: textOf(element, 'Key'),
    multipartId: textOf(element, 'UploadId'),
    startedAt: Date.parse(textOf(element, 'Initiated')),
  }
}

function partOf(element: XmlElement): Part {
  return {
    number: Number(textOf(element, 'PartNumber')),
    etag: unquoted(textOf(element, 'ETag')),
    size: Number(textOf(element, 'Size')),
  }
}

/** The query of the next page, by the elements that name its values; null for the last page. */
function nextOf(
  root: XmlElement,
  elements: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> | null {
  if (textOf(root, 'IsTruncated') !== 'true') return null
  const pairs = Object.entries(elements).filter(([, element]) => child(root, element) !== null)
  return Object.fromEntries(pairs.map(([name, element]) => [name, textOf(root, element)]))
}

function completion(parts: readonly Part[]): string {
  const items = parts.map(
    ({ number, etag }) =>
      `<Part><PartNumber>${number}</PartNumber><ETag>${escapeXml(`"${etag}"`)}</ETag></Part>`,
  )
  const namespace = 'http://s3.amazonaws.com/doc/2006-03-01/'
  return `<CompleteMultipartUpload xmlns="${namespace}">${items.join('')}</CompleteMultipartUpload>`
}

function unquoted(etag: string): string {
  return etag.replace(/^(?:W\/)?"(.*)"$/, '$1')
}

/** True when a multipart upload is gone: it was completed or aborted. */
export function isGone(error: unknown): boolean {
  return isAbsent(error) || isS3Error(error, 'NoSuchUpload')
}
