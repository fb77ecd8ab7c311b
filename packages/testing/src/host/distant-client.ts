import { once } from 'node:events'
import { Agent, request as requestHttp1 } from 'node:http'
import type { ClientHttp2Session } from 'node:http2'
import { connect as connectHttp2 } from 'node:http2'
import type { AddressInfo, Server, Socket } from 'node:net'
import { connect, createServer } from 'node:net'

type Fields = Readonly<Record<string, string | number>>
/** Sends a request to /files, and resolves to the `Location` of its response. */
type Send = (method: string, path: string, fields: Fields, body: Buffer) => Promise<string>

/** Milliseconds that bytes take in each direction. */
const DISTANCE = 50
const SIZE = 2 * 1024 * 1024
const ROUNDS = 4

/**
 * Compares how long a PATCH of 2 MiB takes over HTTP/2 and over HTTP/1.1 when a round trip takes 100 ms.
 * Resolves to the shortest time over HTTP/2, divided by the shortest over HTTP/1.1, each of four requests.
 *
 * @param http1 origin of a server of HTTP/1.1 with uploads at /files
 * @param http2 origin of one of HTTP/2 in cleartext
 */
export async function slownessOfHttp2(http1: string, http2: string): Promise<number> {
  const [one, two] = [await distantOrigin(http1), await distantOrigin(http2)]
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const session = connectHttp2(two.origin)
  try {
    let [shortestOne, shortestTwo] = [Infinity, Infinity]
    // By turns, so that other work of the machine slows both down.
    for (let round = 0; round < ROUNDS; round += 1) {
      shortestOne = Math.min(shortestOne, await timeOf(overHttp1(one.origin, agent)))
      shortestTwo = Math.min(shortestTwo, await timeOf(overHttp2(session)))
    }
    return shortestTwo / shortestOne
  } finally {
    agent.destroy()
    session.destroy()
    one.close()
    two.close()
  }
}

/** The milliseconds that the PATCH of a new upload takes. */
async function timeOf(send: Send): Promise<number> {
  const tus = { 'tus-resumable': '1.0.0' }
  const created = Object.assign({ 'upload-length': SIZE, 'content-length': 0 }, tus)
  const path = await send('POST', '/files', created, Buffer.alloc(0))
  const fields = { 'upload-offset': 0, 'content-type': 'application/offset+octet-stream' }
  const began = performance.now()
  await send('PATCH', path, Object.assign(fields, tus), Buffer.alloc(SIZE))
  return performance.now() - began
}

function overHttp1(origin: string, agent: Agent): Send {
  return (method, path, headers, body) =>
    new Promise((resolve, reject) => {
      const request = requestHttp1(origin + path, { method, agent, headers }, (response) => {
        response.resume().once('end', () => resolve(response.headers.location ?? ''))
      })
      request.once('error', reject).end(body)
    })
}

function overHttp2(session: ClientHttp2Session): Send {
  return (method, path, fields, body) =>
    new Promise((resolve, reject) => {
      let location = ''
      const names = { ':method': method, ':path': path }
      const stream = session.request(Object.assign(names, fields), { endStream: false })
      stream.once('response', (headers) => (location = headers.location ?? ''))
      stream
        .once('error', reject)
        .resume()
        .once('end', () => resolve(location))
      stream.end(body)
    })
}

/** Starts a proxy for a server. The proxy delays all bytes and does not limit the bandwidth. */
async function distantOrigin(origin: string): Promise<{ origin: string; close(): void }> {
  const { hostname, port } = new URL(origin)
  const sockets = new Set<Socket>()
  const proxy: Server = createServer((client) => {
    const server = connect({ host: hostname, port: Number(port), noDelay: true })
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(from)
      from.on('data', (chunk: Buffer) => setTimeout(() => to.write(chunk), DISTANCE))
      from.on('close', () => setTimeout(() => to.destroy(), DISTANCE))
      from.on('error', () => {})
    }
    client.setNoDelay(true)
  })
  await once(proxy.listen(0, '127.0.0.1'), 'listening')
  return {
    origin: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    close() {
      proxy.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
