import { serve } from '@hono/node-server'
import { fetchHandler } from '@tusker/adapter-fetch'
import { closeServer, prepareServer } from '@tusker/adapter-node'
import { fsStore } from '@tusker/store-fs'
import { Hono } from 'hono'

const files = fetchHandler({ path: '/files', store: fsStore({ directory: './uploads' }) })

const app = new Hono()
app.get('/', (c) => c.text('hello'))
app.all('/files', (c) => files(c.req.raw))
app.all('/files/*', (c) => files(c.req.raw))

const port = Number(process.env['PORT'] ?? 1080)
const server = serve({ fetch: app.fetch, port }, () => {
  console.log(`uploads are created at http://localhost:${port}/files`)
})
// By default Node ends every request after 300 seconds, also an upload that makes progress.
prepareServer(server)

process.once('SIGTERM', () => void closeServer(server, files.uploads))
