import { getRequestListener } from '@hono/node-server'
import { closeServer, nodeHandler } from '@tusker/adapter-node'
import { Hono } from 'hono'
import { createServer } from 'node:http'

const app = new Hono()
app.get('/', (c) => c.text('hello'))

const honoListener = getRequestListener(app.fetch)
const handler = nodeHandler(
  { path: '/files', directory: './uploads' },
  { otherwise: (req, res) => void honoListener(req, res) },
)
const server = createServer(handler)
server.listen(Number(process.env['PORT'] ?? 1080))

process.once('SIGTERM', () => void closeServer(server, handler.uploads))
