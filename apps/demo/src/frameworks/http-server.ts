import type { RequestListener, Server } from 'node:http'
import { createServer } from 'node:http'

/** Bytes. A final upload of many parts names all of them in one field. */
const MAX_HEAD = 64 * 1024
/** Milliseconds: longer than load balancers keep a quiet connection, which is often 60 seconds. */
const KEEP_ALIVE = 75_000

/** The server of node:http that every framework uses. */
export function httpServer(listener: RequestListener): Server {
  return createServer({ maxHeaderSize: MAX_HEAD, keepAliveTimeout: KEEP_ALIVE }, listener)
}
