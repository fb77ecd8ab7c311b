import type { EventEmitter } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'

/**
 * Sends `100 Continue` when the body of a request is first read. By default Node sends it before any code sees
 * the request. Does nothing when the server has a listener for `checkContinue` already.
 */
export function holdContinue(server: EventEmitter): void {
  if (server.listenerCount('checkContinue') > 0) return
  server.on('checkContinue', (req: IncomingMessage, res: ServerResponse) => {
    continueOnRead(req, res)
    server.emit('request', req, res)
  })
}

/** Every way to read a stream calls `_read`. */
function continueOnRead(req: IncomingMessage, res: ServerResponse): void {
  function read(size: number): void {
    Reflect.deleteProperty(req, '_read')
    if (!res.headersSent) res.writeContinue()
    req._read(size)
  }
  req._read = read
}
