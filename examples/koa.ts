import { closeServer, koaUploads } from '@tusker/adapter-koa'
import Koa from 'koa'

const files = koaUploads({ path: '/files', directory: './uploads' })

const app = new Koa()
app.use(files)
app.use((ctx) => {
  ctx.body = 'hello'
})

const server = app.listen(Number(process.env['PORT'] ?? 1080), () => {
  console.log('uploads are created at /files of', server.address())
})

process.once('SIGTERM', () => void closeServer(server, files.uploads))
