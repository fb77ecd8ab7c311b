import { koaUploads } from '@tusker/adapter-koa'
import { closeServer } from '@tusker/adapter-node'
import { createUploadServer } from '@tusker/core'
import { fsStore } from '@tusker/store-fs'
import type { Context } from 'koa'
import Koa from 'koa'

const uploads = createUploadServer<Context>({
  path: '/files',
  store: fsStore({ directory: './uploads' }),
})

const app = new Koa()
app.use(koaUploads(uploads))
app.use((ctx) => {
  ctx.body = 'hello'
})

const server = app.listen(Number(process.env['PORT'] ?? 1080))

process.once('SIGTERM', () => void closeServer(server, uploads))
