// A server that takes bytes and nothing else: what any upload costs at the least.
import { closeSync, openSync, writeSync, writev } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { report } from './report.ts'

const directory = process.argv[2] ?? '.'
const writing = promisify(writev)
const lengths = new Map<string, number>()
const SMALL = 64 * 1024
const BATCH = 256 * 1024
let created = 0

async function take(req: IncomingMessage, path: string): Promise<void> {
  const start = lengths.get(path) ?? 0
  const file = openSync(join(directory, path.slice(1)), start === 0 ? 'w' : 'r+')
  const length = Number(req.headers['content-length'])
  let at = start
  let batch: Buffer[] = []
  let pending = 0
  let last: Promise<unknown> = Promise.resolve()
  for await (const chunk of req as AsyncIterable<Buffer>) {
    if (length <= SMALL) {
      at += writeSync(file, chunk, 0, chunk.byteLength, at)
      continue
    }
    batch.push(chunk)
    pending += chunk.byteLength
    if (pending < BATCH) continue
    await last
    last = writing(file, batch, at)
    at += pending
    batch = []
    pending = 0
  }
  await last
  if (pending > 0) await writing(file, batch, at)
  closeSync(file)
  lengths.set(path, at + pending)
}

const server = createServer((req, res) => {
  const path = req.method === 'POST' ? `/u${(created += 1)}` : (req.url ?? '')
  const headers = { location: path, 'upload-offset': String(lengths.get(path) ?? 0) }
  if (req.method === 'HEAD') {
    res.writeHead(200, headers).end()
    return
  }
  void take(req, path).then(() => {
    res.writeHead(req.method === 'POST' ? 201 : 204, { ...headers, 'content-length': 0 }).end()
  })
})
server.listen(0, '127.0.0.1', () => report(server))
