import { once } from 'node:events'
import type { Socket } from 'node:net'
import { connect } from 'node:net'
import { connect as connectTls } from 'node:tls'

/** A response, byte for byte. */
export interface RawAnswer {
  readonly status: number
  /** By lower-case name; the values of a repeated field are joined by a comma. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A connection that sends exactly the given bytes. */
export interface RawConnection {
  /** Sends bytes, or a text in which each character is one byte. */
  write(data: string | Uint8Array): void
  /** Resolves when all bytes were passed to the system, or the connection is gone. */
  flushed(): Promise<void>
  /** The next response. `head`: it responds to a HEAD request, and so has no body. */
  answer(options?: { readonly head?: boolean }): Promise<RawAnswer>
  /** Stops reading, so that the server cannot send more once the buffers are full. */
  pause(): void
  /** Sends a FIN and still receives. */
  end(): void
  /** Closes the connection with a FIN, and stops reading. */
  close(): void
  /** Sends an RST. */
  reset(): void
  /** Resolves when the connection is closed. */
  readonly over: Promise<void>
}

/**
 * Connects to a server, for requests that are sent byte by byte.
 *
 * @param origin of the server; with `https:` its certificate is not checked
 */
export async function connectRaw(origin: string): Promise<RawConnection> {
  const { protocol, hostname, port } = new URL(origin)
  const wire = connect({ host: hostname, port: Number(port), allowHalfOpen: true, noDelay: true })
  await once(wire, 'connect')
  const socket = protocol === 'https:' ? await secured(wire) : wire
  const reader = readerOf(socket)
  return {
    write: (data) =>
      void socket.write(typeof data === 'string' ? Buffer.from(data, 'latin1') : data),
    flushed: () => new Promise((resolve) => socket.write('', () => resolve())),
    answer: (options = {}) => readAnswer(reader, options.head === true),
    pause: () => void socket.pause(),
    end: () => void socket.end(),
    close: () => socket.destroySoon(),
    reset: () => void wire.resetAndDestroy(),
    over: reader.over,
  }
}

async function secured(wire: Socket): Promise<Socket> {
  const socket = connectTls({ socket: wire, rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  return socket
}

interface Reader {
  /** Waits until `find` finds a part of the received bytes, and removes that part. */
  take(find: (text: string) => number | null): Promise<string>
  readonly over: Promise<void>
}

function readerOf(socket: Socket): Reader {
  let text = ''
  let ended = false
  let wake = (): void => {}
  socket.setEncoding('latin1')
  socket.on('data', (chunk) => {
    text += String(chunk)
    wake()
  })
  const over = new Promise<void>((resolve) => {
    for (const event of ['end', 'error', 'close']) {
      socket.on(event, () => {
        ended = true
        resolve()
        wake()
      })
    }
  })
  return {
    over,
    async take(find) {
      for (;;) {
        const length = find(text)
        if (length !== null) {
          const taken = text.slice(0, length)
          text = text.slice(length)
          return taken
        }
        if (ended) throw new Error(`the connection ended; what had come: ${JSON.stringify(text)}`)
        await new Promise<void>((resolve) => (wake = resolve))
      }
    },
  }
}

async function readAnswer(reader: Reader, isHead: boolean): Promise<RawAnswer> {
  const head = await reader.take((text) => {
    const end = text.indexOf('\r\n\r\n')
    return end === -1 ? null : end + 4
  })
  const [statusLine = '', ...lines] = head.trimEnd().split('\r\n')
  const status = Number(statusLine.split(' ')[1])
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const [name = '', value = ''] = line.split(/: ?(.*)/s)
    const key = name.toLowerCase()
    headers[key] = headers[key] === undefined ? value : `${headers[key]}, ${value}`
  }
  const hasBody = !isHead && status >= 200 && status !== 204 && status !== 304
  return { status, headers, body: hasBody ? await readBody(reader, headers) : '' }
}

async function readBody(
  reader: Reader,
  headers: Readonly<Record<string, string>>,
): Promise<string> {
  const taking = (length: number): Promise<string> =>
    reader.take((text) => (text.length >= length ? length : null))
  if (headers['transfer-encoding'] !== 'chunked')
    return taking(Number(headers['content-length'] ?? 0))
  let body = ''
  for (;;) {
    const line = await reader.take((text) =>
      text.includes('\r\n') ? text.indexOf('\r\n') + 2 : null,
    )
    const length = Number.parseInt(line, 16)
    body += (await taking(length + 2)).slice(0, length)
    if (length === 0) return body
  }
}
