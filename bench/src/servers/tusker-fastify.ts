import type { FastifyContext } from '@tusker/adapter-fastify'
import { fastifyUploads } from '@tusker/adapter-fastify'
import { fastify } from 'fastify'
import { control } from './support/control.ts'
import { uploadsOver } from './support/uploads.ts'

const app = fastify()
app.register(fastifyUploads, { uploads: uploadsOver<FastifyContext>() })
await app.listen({ port: 0, host: '127.0.0.1' })
await control(app.server)
