import type { ServerResponse } from 'node:http'
import { streamOf } from '../server/http2.ts'
import { isOwnLimit } from '../server/request-clock.ts'

/** Milliseconds after which a download is ended whose client reads nothing. */
export const DOWNLOAD_TIMEOUT = 60_000

/**
 * Ends a response when its client takes no bytes for `timeout` milliseconds, so that the file and the
 * connection are released. A response whose bytes are not there yet is not ended.
 */
export function endStalled(res: ServerResponse, timeout: number = DOWNLOAD_TIMEOUT): void {
  const { socket } = res
  const isOwnStream = streamOf(res) !== null
  const before = isOwnStream || socket === null || isOwnLimit(socket) ? 0 : (socket.timeout ?? 0)
  // A shorter limit of the host ends it already.
  if (before > 0 && before <= timeout) return
  // Node counts it as progress when a part of a chunk is sent.
  res.setTimeout(timeout, () => {
    if (res.writableLength > 0) res.destroy()
  })
  // Node sets the limit for an idle connection after this, unless it has none.
  if (!isOwnStream) res.prependOnceListener('finish', () => socket?.setTimeout(before))
}
