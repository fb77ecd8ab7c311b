import { closeServer, nodeHandler, proxies } from '@tusker/adapter-node'
import { checksums } from '@tusker/checksums'
import { createUploadServer } from '@tusker/core'
import { fsUploads } from '@tusker/store-fs'
import { createServer } from 'node:http'

const uploads = createUploadServer({
  path: '/files',
  // The processes behind one nginx share a directory, and the leases in it.
  ...fsUploads({ directory: './uploads', shared: true }),
  trustProxy: proxies('127.0.0.1'),
  checksums: checksums(),
  downloads: true,
})

const server = createServer(nodeHandler(uploads, { otherwise: (req, res) => res.end('hello') }))
// Longer than nginx keeps an idle connection: otherwise it can send a request on one that we are closing.
server.keepAliveTimeout = 90_000
server.listen(Number(process.env['PORT'] ?? 1081), '127.0.0.1')

process.once('SIGTERM', () => void closeServer(server, uploads))
