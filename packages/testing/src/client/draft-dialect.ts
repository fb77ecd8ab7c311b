import assert from 'node:assert/strict'
import type { Answer, Body, Client, Fields } from './client.ts'

/** The protocol that a client speaks. */
export type Dialect = 'tus' | 'draft'

/** Wraps a client, so that it speaks a protocol. */
export type Translate = (client: Client) => Client

/** Clients of tus stay as they are. */
export const asTus: Translate = (client) => client

/** The errors whose status differs between the protocols, by their code. */
const STATUS: Readonly<Record<string, Readonly<Record<Dialect, number>>>> = {
  busy: { draft: 503, tus: 423 },
  interrupted: { draft: 503, tus: 423 },
  checksum_mismatch: { draft: 400, tus: 460 },
}

/** The names of digests in structured fields (RFC 9530). */
const DIGESTS: Readonly<Record<string, string>> = { sha1: 'sha', sha256: 'sha-256', md5: 'md5' }

/**
 * Makes clients that are written for tus speak the IETF draft. It sends their requests in the form of the
 * draft, checks the form of the responses, and gives them back as tus would. So a contract is written once,
 * and shows the same for both protocols. All clients of one translation know the same uploads.
 *
 * An append is the last one if it ends the upload, or has no announced length. The draft has no
 * concatenation, so requests about it stay as they are.
 */
export function asDraft(): Translate {
  const lengths = new Map<string, number>()
  const foreign = new Set<string>()

  return (client) => {
    async function send(line: string, fields: Fields = {}, body?: Body): Promise<Answer> {
      const [method = '', path = ''] = line.split(' ')
      if (fields['upload-concat'] !== undefined || foreign.has(path) || method === 'OPTIONS') {
        const answer = await client.send(line, fields, body)
        const { location } = answer.headers
        if (method === 'POST' && location !== undefined) foreign.add(location)
        return answer
      }
      const sent = translated(method, fields, body, lengths.get(path) ?? 5)
      const answer = await client.send(line, sent, body)
      const { location } = answer.headers
      if (method === 'POST' && location !== undefined) {
        lengths.set(location, Number(fields['upload-length'] ?? Number.NaN))
      }
      if (method === 'PATCH' && typeof fields['upload-length'] === 'string') {
        lengths.set(path, Number(fields['upload-length']))
      }
      return asTusAnswer(method, answer)
    }

    return {
      send,
      sendUntil(count, line, fields, body) {
        const [method = '', path = ''] = line.split(' ')
        const length = lengths.get(path) ?? 5
        return client.sendUntil(count, line, translated(method, fields, body, length), body)
      },
    }
  }
}

function translated(method: string, fields: Fields, body: Body | undefined, known: number): Fields {
  const { 'upload-checksum': checksum, 'upload-defer-length': _deferred, ...rest } = fields
  const base = { ...rest, 'tus-resumable': null, 'upload-draft-interop-version': '8' }
  if (method !== 'POST' && method !== 'PATCH') return base
  const declared = fields['upload-length']
  const length = typeof declared === 'string' ? Number(declared) : known
  const end = Number(fields['upload-offset'] ?? 0) + sizeOf(body)
  const isLast = Number.isNaN(end) || (end === length && (method === 'PATCH' || end > 0))
  return {
    ...base,
    'upload-complete': isLast ? '?1' : '?0',
    ...(method === 'PATCH' ? { 'content-type': 'application/partial-upload' } : {}),
    ...(typeof checksum === 'string' ? { 'content-digest': digestOf(checksum) } : {}),
  }
}

/** The announced length of a body in bytes; NaN if there is none. */
function sizeOf(body: Body | undefined): number {
  if (body === undefined) return 0
  if (typeof body === 'string') return Buffer.byteLength(body)
  return body instanceof Uint8Array ? body.byteLength : Number.NaN
}

function digestOf(checksum: string): string {
  const [algorithm = '', digest = ''] = checksum.split(' ')
  return `${DIGESTS[algorithm] ?? algorithm}=:${digest}:`
}

function asTusAnswer(method: string, answer: Answer): Answer {
  const { status, headers } = answer
  assert.equal(headers['tus-resumable'], undefined, 'a field of tus in a response of the draft')
  if (status >= 400) return method === 'HEAD' ? failedLook(answer) : asTusError(method, answer)
  if (method === 'HEAD') {
    assert.equal(status, 204)
    assert.match(headers['upload-complete'] ?? '', /^\?[01]$/)
    assert.match(headers['upload-offset'] ?? '', /^\d+$/)
    return { ...answer, status: 200 }
  }
  if (method === 'POST' || method === 'PATCH') {
    assert.match(headers['upload-complete'] ?? '', /^\?[01]$/)
    // 201 without content is the response of the server itself to the last append.
    const isOwn = method === 'PATCH' && status === 201 && answer.text === ''
    return isOwn ? { ...answer, status: 204 } : answer
  }
  return answer
}

/** Clients of tus retry after 423, those of the draft after 503. */
function failedLook(answer: Answer): Answer {
  assert.notEqual(answer.status, 423)
  return answer.status === 503 ? { ...answer, status: 423 } : answer
}

function asTusError(method: string, answer: Answer): Answer {
  const { headers, text, status } = answer
  assert.equal(headers['content-type'], 'application/problem+json', text)
  const problem = JSON.parse(text) as { code: string; detail: string; status: number }
  assert.equal(problem.status, status)
  if (method === 'POST' || method === 'PATCH') {
    assert.equal(headers['upload-complete'], problem.code === 'rejected' ? '?1' : '?0')
  }
  const differing = STATUS[problem.code]
  if (differing !== undefined) assert.equal(status, differing.draft)
  return {
    ...answer,
    status: differing?.tus ?? status,
    headers: { ...headers, 'tus-resumable': '1.0.0' },
    text: JSON.stringify({ error: { code: problem.code, message: problem.detail } }),
  }
}
