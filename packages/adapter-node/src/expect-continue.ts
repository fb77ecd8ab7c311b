import type { IncomingMessage, ServerResponse } from 'node:http'

/** Requests whose client waits for `100 Continue` before it sends the body. */
const waiting = new WeakSet<IncomingMessage>()

/** Notes that nobody has told the client yet to go on. */
export function holdContinue(req: IncomingMessage): void {
  waiting.add(req)
}

/** Tells a client that waits for it to go on. */
export function sendContinue(req: IncomingMessage, res: ServerResponse): void {
  if (!waiting.delete(req) || res.headersSent) return
  res.writeContinue()
}

/** True for a client that was never told to go on: it may send the body all the same, or not. */
export function isWaiting(req: IncomingMessage): boolean {
  return waiting.has(req)
}
