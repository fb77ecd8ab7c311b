import type { FastifyContext } from '@tusker/adapter-fastify'
import { fastifyUploads } from '@tusker/adapter-fastify'
import { closeServer } from '@tusker/adapter-node'
import { createUploadServer } from '@tusker/core'
import { fsStore } from '@tusker/store-fs'
import { fastify } from 'fastify'

const uploads = createUploadServer<FastifyContext>({
  path: '/files',
  store: fsStore({ directory: './uploads' }),
})

const app = fastify()
app.register(fastifyUploads, { uploads })
app.get('/', () => 'hello')

await app.listen({ port: Number(process.env['PORT'] ?? 1080) })

process.once('SIGTERM', () => void closeServer(app.server, uploads).then(() => app.close()))
