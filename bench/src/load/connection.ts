import { once } from 'node:events'
import type { Socket } from 'node:net'
import { connect } from 'node:net'
import type { LoadResponse } from './response-reader.ts'
import { responseReader } from './response-reader.ts'

/** One connection to a server under load. It carries one request at a time. */
export interface Connection {
  /** Sends a request whose bytes are ready. Rejects when the status is not a success. */
  send(request: Uint8Array, body?: Iterable<Uint8Array>): Promise<LoadResponse>
  /** The same for a request without a body in its response. */
  head(request: Uint8Array): Promise<LoadResponse>
  /** Sends bytes of a body, and does not wait for anything. */
  push(bytes: Uint8Array): void
  close(): void
}

/** Bytes read from a socket at a time. */
const READ = 64 * 1024

/** Connects to a port of this machine. */
export async function openConnection(port: number, readLength: number = READ): Promise<Connection> {
  const reader = responseReader()
  const buffer = Buffer.allocUnsafe(readLength)
  const socket = connect({
    port,
    host: '127.0.0.1',
    noDelay: true,
    onread: {
      buffer,
      callback: (length) => {
        reader.read(buffer.subarray(0, length))
        return true
      },
    },
  })
  await once(socket, 'connect')
  let fail: (error: Error) => void = () => {}
  socket.on('error', (error) => fail(error))
  socket.on('close', () => fail(new Error('the server closed the connection')))

  const exchange = (hasBody: boolean, write: () => void): Promise<LoadResponse> =>
    new Promise((resolve, reject) => {
      fail = reject
      reader.expect({
        hasBody,
        resolve: (response) => {
          if (response.status < 300) resolve(response)
          else reject(new Error(`the server answered ${response.status} ${response.text}`))
        },
      })
      write()
    })

  return {
    head: (request) => exchange(false, () => socket.write(request)),
    send: (request, body) =>
      exchange(true, () => {
        socket.write(request)
        if (body !== undefined) void writeAll(socket, body)
      }),
    push: (bytes) => socket.write(bytes),
    close: () => socket.destroy(),
  }
}

async function writeAll(socket: Socket, body: Iterable<Uint8Array>): Promise<void> {
  for (const chunk of body) {
    if (socket.destroyed) return
    if (!socket.write(chunk)) await writable(socket)
  }
}

function writable(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done).off('close', done)
      resolve()
    }
    socket.once('drain', done).once('close', done)
  })
}
