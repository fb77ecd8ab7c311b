import type { UploadHooks } from '@tusker/core'
import type { ShortFormMetadata } from '@tusker/testing'
import { describeShortForm } from '@tusker/testing'
import { fastify } from 'fastify'
import type { FastifyContext, FastifyUploadsOptions } from '../src/index.ts'
import { fastifyUploads } from '../src/index.ts'

describeShortForm('fastifyUploads', {
  prefix: '/api',
  async start(options, onCreate) {
    const app = fastify()
    // `register` of Fastify infers no values of a schema, so its types have those without one.
    const hooks: UploadHooks<FastifyContext, ShortFormMetadata> = {
      beforeCreate: ({ parsedMetadata }) => onCreate(parsedMetadata),
    }
    app.register(fastifyUploads, {
      prefix: '/api',
      ...options,
      hooks,
    } as unknown as FastifyUploadsOptions)
    return { origin: await app.listen({ port: 0, host: '127.0.0.1' }), end: () => app.close() }
  },
  startWithNothing() {
    const app = fastify()
    // @ts-expect-error: JavaScript users have no types.
    app.register(fastifyUploads, {})
    return app.ready()
  },
})
