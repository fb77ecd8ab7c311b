import { serve } from '@hono/node-server'
import { fetchHandler } from '@tusker/adapter-fetch'
import { prepareServer, closeServer } from '@tusker/adapter-node'
import { createUploadServer } from '@tusker/core'
import { fsStore } from '@tusker/store-fs'
import { Hono } from 'hono'

const uploads = createUploadServer({ path: '/files', store: fsStore({ directory: './uploads' }) })
const handler = fetchHandler(uploads)

const app = new Hono()
app.get('/', (c) => c.text('hello'))
app.all('/files', (c) => handler(c.req.raw))
app.all('/files/*', (c) => handler(c.req.raw))

const server = serve({ fetch: app.fetch, port: Number(process.env['PORT'] ?? 1080) })
// Node would end every request after 300 seconds, also an upload that makes progress.
prepareServer(server)

process.once('SIGTERM', () => void closeServer(server, uploads))
