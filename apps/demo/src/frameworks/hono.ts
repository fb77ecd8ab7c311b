import { getRequestListener } from '@hono/node-server'
import { fetchHandler } from '@tusker/adapter-fetch'
import { prepareServer } from '@tusker/adapter-node'
import { Hono } from 'hono'
import type { Framework } from './framework.ts'
import { httpServer } from './http-server.ts'

export const hono: Framework = (demo, wrap) => {
  const handler = fetchHandler(demo)
  const app = new Hono().all('*', (c) => handler(c.req.raw))
  const listener = getRequestListener(app.fetch)
  const server = httpServer(wrap((req, res) => void listener(req, res)))
  prepareServer(server)
  return server
}
