// Serves content until it is killed. Says the port when it is ready.
import { createServer } from 'node:http'
import { join } from 'node:path'
import { nodeHandler } from '@tusker/adapter-node'
import { fsStore } from '@tusker/store-fs'
import { basicAccess, contentServer, directoryTree } from '../../src/index.ts'

const [directory = ''] = process.argv.slice(2)
const server = contentServer({
  tree: directoryTree({ directory: join(directory, 'content') }),
  store: fsStore({ directory: join(directory, 'uploads') }),
  access: basicAccess({ users: {}, rights: { '/': { anonymous: ['view', 'add'] } } }),
})
const http = createServer(nodeHandler(server))
http.listen(0, '127.0.0.1', () => {
  const address = http.address()
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`)
})
