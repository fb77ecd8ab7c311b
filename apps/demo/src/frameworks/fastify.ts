import { fastifyUploads } from '@tusker/adapter-fastify'
import { prepareServer } from '@tusker/adapter-node'
import createApp from 'fastify'
import type { Framework } from './framework.ts'
import { httpServer } from './http-server.ts'

export const fastify: Framework = async (demo, wrap) => {
  const app = createApp({
    serverFactory: (listener) => httpServer(wrap(listener)),
    // The demo responds to errors of clients in the same way for all frameworks.
    clientErrorHandler() {},
  })
  await app.register(fastifyUploads, { uploads: demo })
  await app.ready()
  prepareServer(app.server)
  return app.server
}
