import { closeServer } from '@tusker/adapter-node'
import { checksums } from '@tusker/checksums'
import type { UploadServer } from '@tusker/core'
import { createUploadServer } from '@tusker/core'
import { memoryStore } from '@tusker/store-memory'
import type { Client, HostSettings, Listening } from '@tusker/testing'
import {
  describeBadInput,
  describeHost,
  describeTus,
  overSockets,
  socketClient,
} from '@tusker/testing'
import cors from '@fastify/cors'
import type { FastifyInstance } from 'fastify'
import { fastify as fastifyNewest } from 'fastify'
import { fastify as fastifyOldest } from 'fastify5'
import { afterEach, describe, expect, it } from 'vitest'
import type { FastifyContext } from '../src/index.ts'
import { fastifyUploads } from '../src/index.ts'

const openStore = () => ({ store: memoryStore({ maxLength: Number.MAX_SAFE_INTEGER }) })

async function listening(app: FastifyInstance, uploads: UploadServer): Promise<Listening> {
  const origin = await app.listen({ port: 0, host: '127.0.0.1' })
  return {
    origin,
    async close() {
      app.server.closeAllConnections()
      await app.close()
    },
    leave: () => closeServer(app.server, uploads),
  }
}

for (const [version, fastify] of [
  ['5, newest', fastifyNewest],
  ['5.0', fastifyOldest],
] as const) {
  const serve = (
    uploads: UploadServer,
    { totalTimeout }: HostSettings = {},
  ): Promise<Listening> => {
    const limits =
      totalTimeout === undefined
        ? {}
        : {
            requestTimeout: totalTimeout,
            http: { headersTimeout: 500, connectionsCheckingInterval: 100 },
          }
    const app = fastify(limits)
    app.register(fastifyUploads, { uploads })
    return listening(app, uploads)
  }
  const overFastify = overSockets(openStore, serve)

  describeHost(`Fastify ${version}`, serve, { openStore })
  describeTus(
    `Fastify ${version}`,
    (options) => overFastify({ checksums: checksums(), ...options }),
    {
      skip: {
        'field-7': 'Fastify answers 404 to methods it does not know before anybody is asked',
      },
    },
  )
  describeBadInput(`Fastify ${version}`, overFastify, {
    runs: 10,
    hostRefuses: [
      { what: / of .*%/, reason: 'its router decodes paths before anybody is asked' },
      { what: /content-type $/, reason: 'it reads media types before anybody is asked' },
    ],
  })

  describe(`Fastify ${version}, mounting`, () => {
    let open: Listening | undefined
    afterEach(() => open?.close())

    async function start(
      place: (app: FastifyInstance, uploads: UploadServer<FastifyContext>) => unknown,
      path = '/files',
    ): Promise<Client> {
      const uploads = createUploadServer<FastifyContext>({
        ...{ path, store: openStore().store },
        hooks: { identify: ({ request }) => String(request.headers['x-user'] ?? 'nobody') },
      })
      const app = fastify()
      place(app, uploads)
      open = await listening(app, uploads)
      return socketClient(open.origin)
    }

    const LENGTH = { 'upload-length': '5' }

    it.each([
      ['/api', '/files', '/api/files'],
      ['/api', '/api/files', '/api/files'],
      ['/files', '/', '/files'],
    ])('with the prefix %s and the path %s, uploads are at %s', async (prefix, path, at) => {
      const { send } = await start(
        (app, uploads) => app.register(fastifyUploads, { prefix, uploads }),
        path,
      )
      const created = await send(`POST ${at}`, LENGTH)
      expect(created.status).toBe(201)
      const location = created.headers['location'] ?? ''
      expect(location).toMatch(new RegExp(`^${at}/[0-9a-f]{32}$`))
      expect((await send(`PATCH ${location}`, { 'upload-offset': '0' }, 'hello')).status).toBe(204)
    })

    it('keeps to itself: routes beside it parse their bodies, and see their own hooks', async () => {
      const { send } = await start((app, uploads) => {
        app.register(fastifyUploads, { prefix: '/up', uploads })
        app.post('/echo', (request) => request.body)
      })
      const json = { 'content-type': 'application/json', 'content-length': '9' }
      expect((await send('POST /echo', json, '{"a": 1} ')).text).toBe('{"a":1}')
    })

    it('sends no field twice beside a plugin for CORS', async () => {
      const { send } = await start((app, uploads) => {
        app.register(cors, { origin: 'http://page.test' })
        app.register(fastifyUploads, { uploads })
      })
      const created = await send('POST /files', { ...LENGTH, origin: 'http://page.test' })
      expect(created.status).toBe(201)
      expect(created.headers['access-control-allow-origin']).toBe('http://page.test')
    })

    it('shows status and headers to hooks of the framework', async () => {
      const seen: unknown[] = []
      const { send } = await start((app, uploads) => {
        app.addHook('onSend', (_request, reply, payload, done) => {
          seen.push([reply.statusCode, reply.getHeader('tus-resumable')])
          done(null, payload)
        })
        app.register(fastifyUploads, { uploads })
      })
      await send('POST /files', LENGTH)
      expect(seen).toEqual([[201, '1.0.0']])
    })

    it('hooks see who asks', async () => {
      const { send } = await start((app, uploads) => app.register(fastifyUploads, { uploads }))
      const { headers } = await send('POST /files', { ...LENGTH, 'x-user': 'ada' })
      const path = headers['location'] ?? ''
      expect((await send(`HEAD ${path}`, { 'x-user': 'ada' })).status).toBe(200)
      expect((await send(`HEAD ${path}`, { 'x-user': 'bob' })).status).toBe(403)
    })
  })
}
