import { createReadStream, statSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { plainFiles } from './plain-files.ts'

/** The floor as a listener of `node:http`. GET is `createReadStream` piped to the response. */
export function plainListener(
  directory: string,
): (req: IncomingMessage, res: ServerResponse) => Promise<void> {
  const answer = plainFiles(directory)
  return async (req, res) => {
    const { method = 'GET', url: path = '/' } = req
    if (method === 'GET') {
      sendFile(join(directory, path.slice(path.lastIndexOf('/') + 1)), req, res)
      return
    }
    const header = (name: string): string | undefined =>
      String(req.headers[name] ?? '') || undefined
    try {
      const { status, headers } = await answer({ method, path, header, body: req })
      res.writeHead(status, headers).end()
    } catch {
      // The client has closed the connection.
      res.destroy()
    }
  }
}

function sendFile(file: string, req: IncomingMessage, res: ServerResponse): void {
  const [, first, last] = /bytes=(\d+)-(\d+)/.exec(req.headers.range ?? '') ?? []
  const start = Number(first ?? 0)
  const end = last === undefined ? statSync(file).size - 1 : Number(last)
  res.writeHead(last === undefined ? 200 : 206, { 'content-length': end - start + 1 })
  createReadStream(file, { start, end }).pipe(res)
}
