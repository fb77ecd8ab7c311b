import type { FinalResponse, HeaderFields, ReplayedRequest } from '@tusker/core'
import type { RequestListener } from 'node:http'
import { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'

/** Bytes that a response may have to be kept with its upload. */
const MAX_BODY = 256 * 1024

/**
 * Lets a listener answer a request that came in parts, as if it had come in one.
 *
 * @throws Error when its response is no text, or more than 256 KiB
 */
export async function replay(
  listener: RequestListener,
  request: ReplayedRequest,
): Promise<Required<FinalResponse>> {
  const sent: Buffer[] = []
  const socket = fakeSocket((chunk) => sent.push(chunk))
  const req = incomingOf(request, socket)
  const res = new ServerResponse(req)
  // The body then comes as it is.
  res.useChunkedEncodingByDefault = false
  res.shouldKeepAlive = false
  res.assignSocket(socket)
  const over = new Promise<void>((resolve, reject) => {
    res.once('finish', resolve)
    res.once('close', () => reject(new Error('the application ended the connection')))
  })
  listener(req, res)
  await over
  req.destroy()
  return responseOf(Buffer.concat(sent), res.statusCode)
}

function fakeSocket(receive: (chunk: Buffer) => void): Socket {
  const duplex = new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      receive(chunk)
      done()
    },
  })
  const socket = { remoteAddress: '127.0.0.1', setTimeout: () => duplex, encrypted: false }
  // What frameworks ask of a connection is no more than this.
  return Object.assign(duplex, socket) as unknown as Socket
}

function incomingOf(
  { method, target, headers, body }: ReplayedRequest,
  socket: Socket,
): IncomingMessage {
  const req = new IncomingMessage(socket)
  const chunks = body[Symbol.asyncIterator]()
  req.method = method
  req.url = target
  req.httpVersion = '1.1'
  req.httpVersionMajor = 1
  req.httpVersionMinor = 1
  req.headers = { ...headers }
  req.rawHeaders = Object.entries(headers).flat()
  const begin = req._read.bind(req)
  function read(size: number): void {
    // Without it a message reads no further than its first chunk.
    begin(size)
    chunks.next().then(
      ({ done, value }) => {
        if (done === true) req.complete = true
        req.push(done === true ? null : value)
      },
      (error: unknown) => req.destroy(error instanceof Error ? error : new Error(String(error))),
    )
  }
  req._read = read
  return req
}

/** Fields of the message, which the host writes anew, and cookies: one upload may be asked about by many. */
const NOT_KEPT = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'date',
])

function responseOf(message: Buffer, status: number): Required<FinalResponse> {
  const end = message.indexOf('\r\n\r\n')
  const [, ...lines] = message.subarray(0, end).toString('latin1').split('\r\n')
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const [name = '', value = ''] = line.split(/:\s*(.*)/s)
    const key = name.toLowerCase()
    if (NOT_KEPT.has(key)) continue
    headers[key] =
      headers[key] === undefined || key === 'set-cookie' ? value : `${headers[key]}, ${value}`
  }
  return {
    status,
    headers: headers satisfies HeaderFields,
    body: textOf(message.subarray(end + 4)),
  }
}

function textOf(bytes: Buffer): string {
  if (bytes.byteLength > MAX_BODY) {
    throw new Error(`the response of a resumable route has more than ${MAX_BODY} bytes`)
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new Error('the response of a resumable route must be text', { cause })
  }
}
