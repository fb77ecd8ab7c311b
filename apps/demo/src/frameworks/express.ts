import { expressUploads } from '@tusker/adapter-express'
import { prepareServer } from '@tusker/adapter-node'
import createApp from 'express'
import type { Framework } from './framework.ts'
import { httpServer } from './http-server.ts'

export const express: Framework = (demo, wrap) => {
  const app = createApp().disable('x-powered-by').use(expressUploads(demo))
  const server = httpServer(wrap((req, res) => void app(req, res)))
  prepareServer(server)
  return server
}
