import type { IncomingMessage } from 'node:http'

/** True if bytes may come behind the head of a request. Over HTTP/2 nothing there says that none will. */
export function hasBody({ headers, httpVersionMajor }: IncomingMessage): boolean {
  const length = headers['content-length']
  if (length !== undefined) return length !== '0'
  return headers['transfer-encoding'] !== undefined || httpVersionMajor > 1
}
