import { prepareServer, nodeHandler } from '@tusker/adapter-node'
import { createServer } from 'node:http'
import type { Framework } from './framework.ts'

export const node: Framework = (demo, wrap) => {
  const server = createServer(wrap(nodeHandler(demo)))
  prepareServer(server)
  return server
}
