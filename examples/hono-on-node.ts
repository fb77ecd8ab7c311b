import { getRequestListener } from '@hono/node-server'
import { closeServer, nodeHandler } from '@tusker/adapter-node'
import { createUploadServer } from '@tusker/core'
import { fsStore } from '@tusker/store-fs'
import { Hono } from 'hono'
import { createServer } from 'node:http'

const uploads = createUploadServer({ path: '/files', store: fsStore({ directory: './uploads' }) })

const app = new Hono()
app.get('/', (c) => c.text('hello'))

const others = getRequestListener(app.fetch)
const server = createServer(
  nodeHandler(uploads, { otherwise: (req, res) => void others(req, res) }),
)
server.listen(Number(process.env['PORT'] ?? 1080))

process.once('SIGTERM', () => void closeServer(server, uploads))
