import { nodeHandler } from '@tusker/adapter-node'
import { createUploadServer } from '@tusker/core'
import { fsStore } from '@tusker/store-fs'
import { createServer } from 'node:http'
import { report } from './report.ts'

const uploads = createUploadServer({
  path: '/',
  store: fsStore({ directory: process.argv[2] ?? '.' }),
})
const server = createServer(nodeHandler(uploads))
server.listen(0, '127.0.0.1', () => report(server))
