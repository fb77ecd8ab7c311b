import { fastifyUploads } from '@tusker/adapter-fastify'
import { fastify } from 'fastify'

const app = fastify()
app.register(fastifyUploads, { path: '/files', directory: './uploads' })
app.get('/', () => 'hello')

const origin = await app.listen({ port: Number(process.env['PORT'] ?? 1080) })
console.log(`uploads are created at ${origin}/files`)

process.once('SIGTERM', () => void app.close())
