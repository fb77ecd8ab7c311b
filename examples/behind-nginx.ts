import { closeServer, nodeHandler, proxies } from '@tusker/adapter-node'
import { checksums } from '@tusker/checksums'
import { createUploadServer } from '@tusker/core'
import { fileLocker, fsStore } from '@tusker/store-fs'
import { createServer } from 'node:http'

const directory = './uploads'

const uploads = createUploadServer({
  path: '/files',
  store: fsStore({ directory }),
  // The processes behind one nginx share a directory, and so its leases.
  locker: fileLocker({ directory }),
  trustProxy: proxies('127.0.0.1'),
  checksums: checksums(),
  downloads: true,
})

const server = createServer(nodeHandler(uploads, { otherwise: (req, res) => res.end('hello') }))
// Longer than nginx keeps a quiet connection: else it may send a request into one that we just closed.
server.keepAliveTimeout = 90_000
server.listen(Number(process.env['PORT'] ?? 1081), '127.0.0.1')

process.once('SIGTERM', () => void closeServer(server, uploads))
