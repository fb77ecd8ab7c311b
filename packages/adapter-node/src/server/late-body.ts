import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ServerHttp2Stream } from 'node:http2'
import { constants } from 'node:http2'
import { streamOf } from './http2.ts'
import type { HostServer } from './prepare-server.ts'

const RESPONSE = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'

/**
 * Ends a request whose body takes too long: with 408 if no response has begun. It does what Node does after
 * `requestTimeout`, so a host with a listener for `clientError` responds by itself.
 */
export function endLateBody(server: HostServer, req: IncomingMessage, res: ServerResponse): void {
  const stream = streamOf(res)
  if (stream !== null) {
    endStream(stream)
    return
  }
  const { socket } = req
  const error = Object.assign(new Error('Request timeout'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' })
  if (server.emit('clientError', error, socket)) return
  // A response that waits for an earlier one has no socket yet.
  const isFirst = res.socket !== null && !res.headersSent
  if (isFirst && socket.writable) socket.write(RESPONSE, 'latin1')
  socket.destroySoon()
}

function endStream(stream: ServerHttp2Stream): void {
  if (!stream.headersSent && !stream.destroyed) {
    stream.respond({ ':status': 408, 'content-length': 0 }, { endStream: true })
  }
  stream.close(constants.NGHTTP2_NO_ERROR)
}
