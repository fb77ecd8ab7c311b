import type { HttpResponse, UploadServer, UploadStore } from '@tusker/core'
import { createUploadServer } from '@tusker/core'
import { createHash } from 'node:crypto'
import { vi } from 'vitest'
import type { OpenedStore } from '../client/open-store.ts'

/** The server under test, its clock and its clients. */
export interface Real {
  /** Sends a request of tus. */
  send(method: string, path: string, fields?: Fields, body?: Body): Promise<Answer>
  /** Sends a request of the IETF draft. */
  sendDraft(method: string, path: string, fields?: Fields, body?: Body): Promise<Answer>
  /** How many uploads the store has; null if it cannot list them. */
  count(): Promise<number | null>
  /** Makes a new server, and where the store can be reopened, a new store. */
  restart(): Promise<void>
  sweep(): Promise<void>
  now(): number
  pass(milliseconds: number): void
}

type Fields = Readonly<Record<string, string>>

/** What goes with a request. `cut` loses the connection after so many bytes. */
export interface Body {
  readonly bytes: readonly number[]
  readonly cut?: number
  /** True if the client announces no length of the body, false if it announces also that of an empty one. */
  readonly isChunked?: boolean
  /** True if the client can receive 104 responses. */
  readonly takes104?: boolean
}

/** The response. */
export interface Answer {
  readonly status: number
  readonly headers: Fields
  readonly bytes: readonly number[]
  /** The URL that a 104 response announced; null without one. */
  readonly announced: string | null
}

/** A store, and how to open it anew where it outlives its process. */
export interface ReopenableStore extends OpenedStore {
  /** The same uploads, as a process that comes next would find them. */
  reopen?(): UploadStore | Promise<UploadStore>
}

/** Starts a server whose clock moves only when `pass` is called. */
export function startReal(opened: ReopenableStore, expireAfter: number): Real {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 0, 1) })
  let { store } = opened
  let server = serve()

  function serve(): UploadServer {
    // Only `sweep` runs a sweep.
    return createUploadServer({
      path: '/files',
      store,
      expireAfter,
      sweepEvery: 2 ** 31 - 1,
      downloads: true,
      maxFinalsPerPart: Number.POSITIVE_INFINITY,
      checksums: { algorithms: ['sha1'], start: () => createHash('sha1') },
    })
  }

  async function request(
    method: string,
    path: string,
    fields: Fields,
    body: Body,
  ): Promise<Answer> {
    const gone = new AbortController()
    let announced: string | null = null
    const response = await server.handle({
      method,
      path,
      prefix: '',
      headers: new Headers(fields),
      signal: gone.signal,
      context: null,
      remoteAddress: null,
      body: sending(body, gone),
      ...(body.takes104 === true && {
        inform: (_status, headers) => (announced ??= headers['location'] ?? null),
      }),
    })
    return { ...response, bytes: await received(response), announced }
  }

  return {
    send: (method, path, fields = {}, body = NO_BODY) =>
      request(
        method,
        path,
        { 'tus-resumable': '1.0.0', ...typed(OF_TUS, method, body), ...fields },
        body,
      ),
    sendDraft: (method, path, fields = {}, body = NO_BODY) =>
      request(
        method,
        path,
        { 'upload-draft-interop-version': '8', ...typed(OF_DRAFT, method, body), ...fields },
        body,
      ),
    async count() {
      if (store.list === undefined) return null
      let count = 0
      for await (const _id of store.list()) count += 1
      return count
    },
    async restart() {
      await server.close()
      store = (await opened.reopen?.()) ?? store
      server = serve()
    },
    async sweep() {
      await server.sweep()
    },
    now: () => Date.now(),
    pass: (milliseconds) => void vi.setSystemTime(Date.now() + milliseconds),
  }
}

const NO_BODY: Body = { bytes: [] }
const OF_TUS = 'application/offset+octet-stream'
const OF_DRAFT = 'application/partial-upload'

/** The fields that describe a body, if the request has one. */
function typed(mediaType: string, method: string, { bytes, isChunked }: Body): Fields {
  if (method !== 'PATCH' && bytes.length === 0 && isChunked === undefined) return {}
  return {
    'content-type': mediaType,
    ...(isChunked === true ? {} : { 'content-length': String(bytes.length) }),
  }
}

/** Sends in chunks of seven bytes, so that chunks and batches do not coincide with appends. */
async function* sending(body: Body, gone: AbortController): AsyncGenerator<Uint8Array> {
  const end = body.cut ?? body.bytes.length
  for (let start = 0; start < end; start += 7) {
    yield await Promise.resolve(Uint8Array.from(body.bytes.slice(start, Math.min(start + 7, end))))
  }
  if (body.cut === undefined) return
  gone.abort(new Error('the client went away'))
  throw new Error('aborted')
}

async function received(response: HttpResponse): Promise<number[]> {
  const bytes: number[] = []
  if (response.body === undefined || typeof response.body === 'string') return bytes
  for await (const chunk of response.body) bytes.push(...chunk)
  return bytes
}
