import { closeServer, nodeHandler } from '@tusker/adapter-node'
import { createServer } from 'node:http'

const handler = nodeHandler(
  { path: '/files', directory: './uploads' },
  { otherwise: (_req, res) => res.end('hello') },
)

const server = createServer(handler)
server.listen(Number(process.env['PORT'] ?? 1080), () => {
  console.log('uploads are created at /files of', server.address())
})

process.once('SIGTERM', () => void closeServer(server, handler.uploads))
