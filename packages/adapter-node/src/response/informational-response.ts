import type { HeaderFields } from '@tusker/core'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { STATUS_CODES } from 'node:http'
import { streamOf } from '../server/http2.ts'

/**
 * Sends a 1xx response. Node has calls for a few of them only; over HTTP/1.1 one is bytes in front of
 * the response. Does nothing where there is no place for it.
 */
export function writeInformation(
  req: IncomingMessage,
  res: ServerResponse,
  status: number,
  headers: HeaderFields,
): void {
  const stream = streamOf(res)
  if (stream !== null && !stream.headersSent && !stream.destroyed) {
    stream.additionalHeaders({ ':status': status, ...headers })
    return
  }
  if (req.httpVersion !== '1.1' || res.headersSent || !res.socket?.writable) return
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${plain(value)}\r\n`)
  const reason = STATUS_CODES[status] ?? REASONS[status] ?? 'Information'
  res.socket.write(`HTTP/1.1 ${status} ${reason}\r\n${lines.join('')}\r\n`, 'latin1')
}

/** Reasons that Node does not know yet. */
const REASONS: Readonly<Record<number, string>> = { 104: 'Upload Resumption Supported' }

/** A line break would begin another field. */
function plain(value: string): string {
  return value.replace(/[\r\n]+/g, ' ')
}
