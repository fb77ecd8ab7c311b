import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { BodyReader } from './request-body.ts'
import { readBody } from './request-body.ts'

/** What is known of a client's line to us: a connection, or over HTTP/2 one stream of it. */
interface Line {
  /** Aborts when the line is gone. One for all its requests: it costs more than all else of a small one. */
  gone: AbortController | null
  isGone: boolean
  /** Reads the last body that was asked for; null when that is over. */
  reader: BodyReader | null
  /** The request whose whole body was read before Node reported its end. A `WeakSet` of them costs more. */
  received: IncomingMessage | null
}

const lines = new WeakMap<object, Line>()

function lineOf(req: IncomingMessage, res: ServerResponse): Line {
  const carrier = carrierOf(req, res)
  const known = lines.get(carrier)
  if (known !== undefined) return known
  const line: Line = { gone: null, isGone: false, reader: null, received: null }
  lines.set(carrier, line)
  return line
}

function carrierOf(req: IncomingMessage, res: ServerResponse): Socket | ServerResponse {
  return req.httpVersionMajor > 1 ? res : req.socket
}

/** A signal that aborts when the client has gone away. */
export function signalOf(req: IncomingMessage, res: ServerResponse): AbortSignal {
  const line = lineOf(req, res)
  line.gone ??= watch(carrierOf(req, res), line)
  return line.gone.signal
}

function watch(carrier: Socket | ServerResponse, line: Line): AbortController {
  const gone = new AbortController()
  carrier.once('close', () => {
    line.isGone = true
    // What has come is read first, and kept.
    if (line.reader?.isReading() !== true) leave(gone)
  })
  if (carrier.destroyed) leave(gone)
  return gone
}

function leave(gone: AbortController | null): void {
  gone?.abort(new Error('the client went away'))
}

/** Begins to read a body. */
export function beginBody(req: IncomingMessage, res: ServerResponse): BodyReader {
  const line = lineOf(req, res)
  line.reader = readBody(req, {
    onReceived: () => (line.received = req),
    onDrained() {
      line.reader = null
      if (line.isGone) leave(line.gone)
    },
  })
  return line.reader
}

/**
 * Lets go of a body, so that what is left of it can be discarded. Returns false if nothing is left: all of it has
 * arrived, even if Node has not reported its end yet, or the client has gone.
 */
export function leaveBody(req: IncomingMessage, res: ServerResponse): boolean {
  const line = lineOf(req, res)
  const isReceived = req.complete || line.received === req
  line.received = null
  if (isReceived || req.destroyed) return false
  void line.reader?.return()
  return true
}
