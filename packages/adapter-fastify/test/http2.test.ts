import { createUploadServer } from '@tusker/core'
import { memoryStore } from '@tusker/store-memory'
import { slownessOfHttp2 } from '@tusker/testing'
import fastify from 'fastify'
import { expect, it } from 'vitest'
import type { FastifyContext } from '../src/index.ts'
import { fastifyUploads } from '../src/index.ts'

it('an upload from afar to fastify({ http2: true }) is as fast as over HTTP/1.1', async () => {
  const uploads = createUploadServer<FastifyContext>({ path: '/files', store: memoryStore() })
  const [one, two] = [fastify(), fastify({ http2: true })]
  try {
    await one.register(fastifyUploads, { uploads })
    await two.register(fastifyUploads, { uploads })
    const [http1, http2] = [await one.listen({ port: 0 }), await two.listen({ port: 0 })]
    expect(await slownessOfHttp2(http1, http2)).toBeLessThan(2)
  } finally {
    await Promise.all([one.close(), two.close()])
  }
})
