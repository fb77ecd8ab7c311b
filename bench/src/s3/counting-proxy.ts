import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Agent, createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request to the storage. */
export interface Seen {
  /** As `PUT object`, `PUT part` or `POST complete`. */
  readonly kind: string
  /** The number in `PUT part`. */
  readonly part: number | null
}

/** Stands before a storage, counts the requests, and fails those that a test names. */
export interface CountingProxy {
  readonly endpoint: string
  /** All requests since the last call. */
  taken(): readonly Seen[]
  /** Answers the requests for which `isFailed` returns true by 500, until the result is called. */
  fail(isFailed: (seen: Seen) => boolean): () => void
  close(): void
}

export async function startProxy(storage: string): Promise<CountingProxy> {
  const target = new URL(storage)
  const agent = new Agent({ keepAlive: true })
  let seen: Seen[] = []
  let isFailed: (seen: Seen) => boolean = () => false

  function pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method, url: path, headers } = incoming
    const { hostname: host, port } = target
    const onward = request({ agent, host, port, method, path, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  }

  const server = createServer((incoming, outgoing) => {
    const now = seenIn(incoming)
    seen.push(now)
    if (!isFailed(now)) return pass(incoming, outgoing)
    incoming.resume().once('end', () => {
      outgoing.writeHead(500).end('<Error><Code>InternalError</Code></Error>')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken() {
      const before = seen
      seen = []
      return before
    },
    fail(test) {
      isFailed = test
      return () => (isFailed = () => false)
    },
    close() {
      server.close()
      server.closeAllConnections()
      agent.destroy()
    },
  }
}

function seenIn({ method = '', url = '/' }: IncomingMessage): Seen {
  const { pathname, searchParams: query } = new URL(url, 'http://storage')
  const number = query.get('partNumber')
  const part = number === null ? null : Number(number)
  if (part !== null) return { kind: 'PUT part', part }
  if (query.has('uploads')) return { kind: `${method} uploads`, part }
  if (query.has('uploadId')) return { kind: `${method} ${NAMES[method] ?? 'upload'}`, part }
  return { kind: `${method} ${/^\/[^/]+\/?$/.test(pathname) ? 'bucket' : 'object'}`, part }
}

const NAMES: Readonly<Record<string, string>> = {
  GET: 'parts',
  POST: 'complete',
  DELETE: 'abort',
}
