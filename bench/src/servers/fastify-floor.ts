import { fastify } from 'fastify'
import { control, settings } from './support/control.ts'
import { plainListener } from './support/plain-node.ts'

const app = fastify()
const listener = plainListener(settings.directory)
app.removeAllContentTypeParsers()
app.addContentTypeParser('*', (_request, _payload, done) => done(null))
app.all('/*', async (request, reply) => {
  reply.hijack()
  await listener(request.raw, reply.raw)
})
await app.listen({ port: 0, host: '127.0.0.1' })
await control(app.server)
