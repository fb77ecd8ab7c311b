import { hashes, toHex } from './hashes.ts'

/** The keys of an account of the storage. */
export interface S3Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
  /** When they stop to be valid. The function that gave them is then called again. */
  readonly expiration?: Date | undefined
}

/** A request before it is signed. */
export interface Signable {
  readonly method: string
  readonly url: URL
  /** By lower-case names. */
  readonly headers: Readonly<Record<string, string>>
}

/** Where and when a signature holds. */
export interface SigningScope {
  readonly credentials: S3Credentials
  readonly region: string
  readonly now: Date
}

/** The hash of a body that is not part of the signature. */
export const UNSIGNED = 'UNSIGNED-PAYLOAD'

const encoder = new TextEncoder()

/** Returns the header fields of `request` with those that sign it (AWS Signature Version 4). */
export async function signed(
  request: Signable,
  payloadHash: string,
  scope: SigningScope,
): Promise<Record<string, string>> {
  const { credentials } = scope
  const headers: Record<string, string> = {
    ...request.headers,
    'x-amz-content-sha256': payloadHash,
    'x-amz-date': timestamp(scope.now),
  }
  if (credentials.sessionToken !== undefined) {
    headers['x-amz-security-token'] = credentials.sessionToken
  }
  const covered = { ...headers, host: request.url.host }
  const signature = await signatureOf({ ...request, headers: covered }, payloadHash, scope)
  const fields = [
    `Credential=${credentials.accessKeyId}/${scopeText(scope)}`,
    `SignedHeaders=${namesOf(covered)}`,
    `Signature=${signature}`,
  ]
  headers['authorization'] = `AWS4-HMAC-SHA256 ${fields.join(', ')}`
  return headers
}

/** Returns a URL that is signed in its query, and holds for `seconds`. */
export async function presigned(url: URL, seconds: number, scope: SigningScope): Promise<string> {
  const result = new URL(url)
  const { credentials } = scope
  const query = result.searchParams
  query.set('X-Amz-Algorithm', 'AWS4-HMAC-SHA256')
  query.set('X-Amz-Credential', `${credentials.accessKeyId}/${scopeText(scope)}`)
  query.set('X-Amz-Date', timestamp(scope.now))
  query.set('X-Amz-Expires', String(seconds))
  query.set('X-Amz-SignedHeaders', 'host')
  if (credentials.sessionToken !== undefined) {
    query.set('X-Amz-Security-Token', credentials.sessionToken)
  }
  const request = { method: 'GET', url: result, headers: { host: result.host } }
  const signature = await signatureOf(request, UNSIGNED, scope)
  result.search = `${canonicalQuery(result)}&X-Amz-Signature=${signature}`
  return result.href
}

/** Encodes a part of a path or a query as the signature wants it: all but unreserved characters. */
export function encodeUri(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

async function signatureOf(
  { method, url, headers }: Signable,
  payloadHash: string,
  scope: SigningScope,
): Promise<string> {
  const names = namesOf(headers).split(';')
  const canonical = [
    method,
    url.pathname,
    canonicalQuery(url),
    ...names.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/ +/g, ' ')}`),
    '',
    names.join(';'),
    payloadHash,
  ].join('\n')
  const text = [
    'AWS4-HMAC-SHA256',
    timestamp(scope.now),
    scopeText(scope),
    await hashes.sha256(encoder.encode(canonical)),
  ].join('\n')
  return toHex(await hashes.hmac(await signingKey(scope), text))
}

function namesOf(headers: Readonly<Record<string, string>>): string {
  return Object.keys(headers)
    .filter((name) => name === 'host' || name === 'content-type' || name.startsWith('x-amz-'))
    .sort()
    .join(';')
}

function canonicalQuery(url: URL): string {
  const pairs = [...url.searchParams].map(([name, value]) => [encodeUri(name), encodeUri(value)])
  return pairs
    .sort(([a = '', x = ''], [b = '', y = '']) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** As `20261128T161602Z`. */
function timestamp(now: Date): string {
  return `${now.toISOString().replace(/[-:]|\.\d+/g, '')}`
}

function scopeText({ region, now }: SigningScope): string {
  return `${timestamp(now).slice(0, 8)}/${region}/s3/aws4_request`
}

/** The key of the day, kept because making it takes four hashes. */
let lastKey: { readonly of: string; readonly key: Promise<Uint8Array> } | null = null

function signingKey(scope: SigningScope): Promise<Uint8Array> {
  const { secretAccessKey } = scope.credentials
  const day = timestamp(scope.now).slice(0, 8)
  const of = `${secretAccessKey} ${day} ${scope.region}`
  if (lastKey?.of === of) return lastKey.key
  const key = deriveKey(secretAccessKey, day, scope.region)
  lastKey = { of, key }
  return key
}

async function deriveKey(secret: string, day: string, region: string): Promise<Uint8Array> {
  let key: Uint8Array = encoder.encode(`AWS4${secret}`)
  for (const text of [day, region, 's3', 'aws4_request']) key = await hashes.hmac(key, text)
  return key
}
