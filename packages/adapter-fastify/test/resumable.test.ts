import { resumable } from '@tusker/adapter-node'
import { memoryStore } from '@tusker/store-memory'
import { describeResumableRoute, startedOn } from '@tusker/testing'
import fastify from 'fastify'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:http'

describeResumableRoute('Fastify', async () => {
  let answer: RequestListener = () => {}
  const app = fastify({
    serverFactory(handler) {
      answer = handler
      return createServer(handler)
    },
  })
  app.post('/api/photos', (request, reply) =>
    reply.code(201).send({ got: request.body, ip: typeof request.ip }),
  )
  await app.ready()
  return startedOn(createServer(resumable(answer, { store: memoryStore() }).listener))
})
