import { koaUploads } from '@tusker/adapter-koa'
import { adoptServer } from '@tusker/adapter-node'
import Koa from 'koa'
import { createServer } from 'node:http'
import type { Framework } from './framework.ts'

export const koa: Framework = (demo, wrap) => {
  const listener = new Koa().use(koaUploads(demo)).callback()
  const server = createServer(wrap((req, res) => void listener(req, res)))
  adoptServer(server)
  return server
}
