import { koaUploads } from '@tusker/adapter-koa'
import { prepareServer } from '@tusker/adapter-node'
import Koa from 'koa'
import type { Framework } from './framework.ts'
import { httpServer } from './http-server.ts'

export const koa: Framework = (demo, wrap) => {
  const app = new Koa().use(koaUploads(demo))
  // A client that disconnects during a response is not an error of the server.
  app.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET') app.onerror(error)
  })
  const listener = app.callback()
  const server = httpServer(wrap((req, res) => void listener(req, res)))
  prepareServer(server)
  return server
}
