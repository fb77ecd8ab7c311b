import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import { maskedPath } from './masked.ts'

/** Logs one line for each request, when its response is sent or its client has disconnected. */
export function logged(logger: Logger, listener: RequestListener): RequestListener {
  return (req, res) => {
    const start = performance.now()
    res.once('close', () => {
      const ms = Math.round(performance.now() - start)
      // An operator who asks for details gets all of it.
      const show = logger.isLevelEnabled('debug') ? String : maskedPath
      logger[levelOf(req, res)](lineOf(req, res, { ms, show }), 'request')
    })
    listener(req, res)
  }
}

function lineOf(
  req: IncomingMessage,
  res: ServerResponse,
  { ms, show }: { readonly ms: number; readonly show: (path: string) => string },
): object {
  return {
    method: req.method,
    // A query can contain secrets.
    path: show(req.url?.split('?', 1)[0] ?? ''),
    status: res.headersSent ? res.statusCode : null,
    ms,
    ...(res.writableFinished ? {} : { cut: true }),
  }
}

/** Clients often ask for offsets, so a successful HEAD is logged at the level `debug`. */
function levelOf(req: IncomingMessage, res: ServerResponse): 'debug' | 'info' | 'warn' | 'error' {
  if (res.statusCode >= 500) return 'error'
  if (res.statusCode >= 400) return 'warn'
  return req.method === 'HEAD' ? 'debug' : 'info'
}
