import type { HttpRequest, HttpResponse, RequestHandler } from '@tusker/core'
import { connectRaw } from '@tusker/testing'
import { once } from 'node:events'
import type { RequestListener, Server, ServerOptions } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach } from 'vitest'
import type { NodeContext } from '../../src/index.ts'
import { closeServer } from '../../src/index.ts'

type Answer = (request: HttpRequest<NodeContext>) => HttpResponse | Promise<HttpResponse>
type Connection = Awaited<ReturnType<typeof connectRaw>>

export const NOTHING: HttpResponse = { status: 204, headers: {} }

/** A handler at /files with the given response. */
export function handlerOf(answer: Answer): RequestHandler<NodeContext> {
  return {
    matches: (path) => path.startsWith('/files'),
    handle: (request) => Promise.resolve(answer(request)),
  }
}

/** A server that is listening until the test is over. */
export interface Serving {
  readonly server: Server
  readonly origin: string
  connect(): Promise<Connection>
}

const open: Server[] = []

afterEach(async () => {
  for (const server of open.splice(0)) {
    await closeServer(server, { close: () => Promise.resolve() }, { timeout: 50 })
  }
})

export async function serve(
  listener: RequestListener,
  options: ServerOptions = {},
): Promise<Serving> {
  const server = createServer(options, listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push(server)
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { server, origin, connect: () => connectRaw(origin) }
}

/** The head of a request, as it goes over the wire. */
export function head(line: string, ...fields: readonly string[]): string {
  return [line.includes(' HTTP/') ? line : `${line} HTTP/1.1`, 'Host: x', ...fields, '', ''].join(
    '\r\n',
  )
}

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))
