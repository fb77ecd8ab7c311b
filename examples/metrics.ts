import { closeServer, nodeHandler } from '@tusker/adapter-node'
import type { UploadEvent } from '@tusker/core'
import { createUploadServer } from '@tusker/core'
import { fsStore } from '@tusker/store-fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import { collectDefaultMetrics, Counter, Histogram, register } from 'prom-client'

collectDefaultMetrics()
const events = new Counter({
  name: 'uploads_total',
  help: 'What happened to uploads',
  labelNames: ['event'],
})
const bytes = new Counter({ name: 'upload_bytes_total', help: 'Bytes of completed uploads' })
const seconds = new Histogram({
  name: 'upload_duration_seconds',
  help: 'From the creation of an upload to its end',
  buckets: [0.1, 1, 10, 60, 600, 3600, 86_400],
})

function count(event: UploadEvent): void {
  // Of progress there is one a second for each request.
  if (event.type === 'progress') return
  events.inc({ event: event.type === 'removed' ? event.reason : event.type })
  if (event.type === 'failed') console.error('upload', event.id, event.error)
  if (event.type !== 'completed') return
  const { offset, createdAt, updatedAt } = event.upload
  bytes.inc(offset)
  seconds.observe((updatedAt.getTime() - createdAt.getTime()) / 1000)
}

const uploads = createUploadServer({
  path: '/files',
  store: fsStore({ directory: './uploads' }),
  onEvent: count,
})

async function otherwise(req: IncomingMessage, res: ServerResponse): Promise<void> {
  if (req.url !== '/metrics') return void res.end('hello')
  res.setHeader('content-type', register.contentType)
  res.end(await register.metrics())
}

const server = createServer(
  nodeHandler(uploads, { otherwise: (req, res) => void otherwise(req, res) }),
)
server.listen(Number(process.env['PORT'] ?? 1080))

process.once('SIGTERM', () => void closeServer(server, uploads))
