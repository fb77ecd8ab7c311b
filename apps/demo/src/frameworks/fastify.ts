import { fastifyUploads } from '@tusker/adapter-fastify'
import { prepareServer } from '@tusker/adapter-node'
import createApp from 'fastify'
import { createServer } from 'node:http'
import type { Framework } from './framework.ts'

export const fastify: Framework = async (demo, wrap) => {
  const app = createApp({ serverFactory: (listener) => createServer(wrap(listener)) })
  await app.register(fastifyUploads, { uploads: demo })
  await app.ready()
  prepareServer(app.server)
  return app.server
}
