import { koaUploads } from '@tusker/adapter-koa'
import { prepareServer } from '@tusker/adapter-node'
import Koa from 'koa'
import type { Framework } from './framework.ts'
import { httpServer } from './http-server.ts'

export const koa: Framework = (demo, wrap) => {
  const app = new Koa().use(koaUploads(demo))
  // That a client left in the middle of an answer is no failure of anything here.
  app.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET') app.onerror(error)
  })
  const listener = app.callback()
  const server = httpServer(wrap((req, res) => void listener(req, res)))
  prepareServer(server)
  return server
}
