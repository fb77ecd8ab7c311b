import { prepareServer, nodeHandler } from '@tusker/adapter-node'
import type { Framework } from './framework.ts'
import { httpServer } from './http-server.ts'

export const node: Framework = (demo, wrap) => {
  const server = httpServer(wrap(nodeHandler(demo)))
  prepareServer(server)
  return server
}
