import { closeServer, nodeHandler } from '@tusker/adapter-node'
import { createUploadServer } from '@tusker/core'
import { fsStore } from '@tusker/store-fs'
import { createServer } from 'node:http'

const uploads = createUploadServer({ path: '/files', store: fsStore({ directory: './uploads' }) })

const server = createServer(nodeHandler(uploads, { otherwise: (req, res) => res.end('hello') }))
server.listen(Number(process.env['PORT'] ?? 1080))

process.once('SIGTERM', () => void closeServer(server, uploads))
