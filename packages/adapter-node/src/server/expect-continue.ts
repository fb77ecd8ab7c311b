import type { EventEmitter } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'

/**
 * Has `100 Continue` sent once somebody wants the body of a request. Node would send it before anybody
 * has looked at the request. Does nothing where somebody else listens for `checkContinue` already.
 */
export function holdContinue(server: EventEmitter): void {
  if (server.listenerCount('checkContinue') > 0) return
  server.on('checkContinue', (req: IncomingMessage, res: ServerResponse) => {
    continueOnRead(req, res)
    server.emit('request', req, res)
  })
}

/** However a stream is read, `_read` is what its bytes are asked for with. */
function continueOnRead(req: IncomingMessage, res: ServerResponse): void {
  req._read = (size) => {
    Reflect.deleteProperty(req, '_read')
    if (!res.headersSent) res.writeContinue()
    req._read(size)
  }
}
