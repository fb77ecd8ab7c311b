import type { HttpResponse, UploadServer, UploadStore } from '@tusker/core'
import { createUploadServer } from '@tusker/core'
import { createHash } from 'node:crypto'
import { vi } from 'vitest'
import type { OpenedStore } from '../client/open-store.ts'

/** The server under test, its clock and its client. */
export interface Real {
  send(method: string, path: string, fields?: Fields, body?: Body): Promise<Answer>
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
}

/** The response. */
export interface Answer {
  readonly status: number
  readonly headers: Fields
  readonly bytes: readonly number[]
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

  return {
    async send(method, path, fields = {}, body = { bytes: [] }) {
      const gone = new AbortController()
      const bytes = method === 'PATCH' || body.bytes.length > 0
      const headers = new Headers({
        'tus-resumable': '1.0.0',
        ...(bytes ? { 'content-type': 'application/offset+octet-stream' } : {}),
        ...(bytes ? { 'content-length': String(body.bytes.length) } : {}),
        ...fields,
      })
      const response = await server.handle({
        method,
        path,
        prefix: '',
        headers,
        signal: gone.signal,
        context: null,
        remoteAddress: null,
        body: sending(body, gone),
      })
      return { ...response, bytes: await received(response) }
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
