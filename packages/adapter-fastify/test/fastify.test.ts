import { closeServer } from '@tusker/adapter-node'
import { checksums } from '@tusker/checksums'
import type { UploadServer } from '@tusker/core'
import { createUploadServer } from '@tusker/core'
import { memoryStore } from '@tusker/store-memory'
import type { Client, HostSettings, Listening } from '@tusker/testing'
import {
  describeBadInput,
  describeDraft,
  describeHost,
  describeTus,
  http2Client,
  overSockets,
  paused,
  socketClient,
} from '@tusker/testing'
import cors from '@fastify/cors'
import type { FastifyInstance, FastifyServerOptions } from 'fastify'
import { fastify as fastifyNewest } from 'fastify'
import { fastify as fastifyOldest } from 'fastify5'
import { setTimeout } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { isLong } from '../../testing/test/support/test-rounds.ts'
import type { FastifyContext } from '../src/index.ts'
import { fastifyUploads } from '../src/index.ts'
import { FASTIFY } from './support/hosts.ts'

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

// The tests of adapter-node have the whole set over node:http.
const rules = isLong ? 'all' : 'host'

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
  const serveHttp2 = async (uploads: UploadServer): Promise<Listening> => {
    const app = fastify({ http2: true })
    app.register(fastifyUploads, { uploads })
    const origin = await app.listen({ port: 0, host: '127.0.0.1' })
    return { origin, close: () => closeServer(app.server, uploads) }
  }
  const overFastify = overSockets(openStore, serve)

  // The oldest version runs these tests only in the long form.
  if (isLong || version === '5, newest') {
    describeHost(`Fastify ${version}`, serve, { openStore, ...FASTIFY.contract })
    describeBadInput(`Fastify ${version}`, overFastify, { runs: 10, ...FASTIFY.badInput })
    describeDraft(
      `Fastify ${version}`,
      (options) => overFastify({ checksums: checksums(), ...options }),
      { ...FASTIFY.draft, rules },
    )
    const overHttp2 = overSockets(openStore, serveHttp2, http2Client)
    describeDraft(
      `Fastify ${version} over HTTP/2`,
      (options) => overHttp2({ checksums: checksums(), ...options }),
      { ...FASTIFY.draftOverHttp2, rules },
    )
  }
  describeTus(
    `Fastify ${version}`,
    (options) => overFastify({ checksums: checksums(), ...options }),
    FASTIFY.tus,
  )

  describe(`fastifyUploads in Fastify ${version}`, () => {
    let open: Listening | undefined
    afterEach(() => open?.close())

    async function start(
      place: (app: FastifyInstance, uploads: UploadServer<FastifyContext>) => unknown,
      path = '/files',
    ): Promise<Client> {
      const uploads = createUploadServer<FastifyContext>({
        path,
        store: openStore().store,
        hooks: { identify: ({ request }) => String(request.headers['x-user'] ?? 'anonymous') },
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
      ['/files', '/files', '/files'],
      ['/api/', '/files', '/api/files'],
      ['/', '/files', '/files'],
    ])(
      'fastifyUploads with the prefix %s and the path %s serves uploads at %s',
      async (prefix, path, at) => {
        const { send } = await start(
          (app, uploads) => app.register(fastifyUploads, { prefix, uploads }),
          path,
        )
        const created = await send(`POST ${at}`, LENGTH)
        expect(created.status).toBe(201)
        const location = created.headers['location'] ?? ''
        expect(location).toMatch(new RegExp(`^${at}/[0-9a-f]{32}$`))
        expect((await send(`PATCH ${location}`, { 'upload-offset': '0' }, 'hello')).status).toBe(
          204,
        )
      },
    )

    it('fastifyUploads serves uploads below a prefix with parameters, which hooks get', async () => {
      const { send } = await start((app, uploads) =>
        app.register(fastifyUploads, { prefix: '/of/:user', uploads }),
      )
      const created = await send('POST /of/a%20b/files', LENGTH)
      expect(created.headers['location']).toMatch(/^\/of\/a%20b\/files\/[0-9a-f]{32}$/)
    })

    it('fastifyUploads serves a request whose path Fastify has rewritten', async () => {
      const uploads = createUploadServer({ path: '/files', store: openStore().store })
      const app = fastify({ rewriteUrl: ({ url = '' }) => url.replace('/v1', '') })
      app.register(fastifyUploads, { uploads })
      open = await listening(app, uploads)
      const created = await socketClient(open.origin).send('POST /v1/files', LENGTH)
      expect(created.headers['location']).toMatch(/^\/v1\/files\//)
    })

    it.each([undefined, '/api'])(
      'fastifyUploads with the prefix %s leaves other paths to the application',
      async (prefix) => {
        const at = prefix ?? ''
        const { send } = await start((app, uploads) => {
          app.register(fastifyUploads, prefix === undefined ? { uploads } : { prefix, uploads })
          app.get(at === '' ? '/' : at, () => 'home')
          app.get(`${at}/hello`, () => 'hello')
          app.setNotFoundHandler((_request, reply) => reply.code(404).send('nothing here'))
        })
        expect((await send(`GET ${at === '' ? '/' : at}`)).text).toBe('home')
        expect((await send(`GET ${at}/hello`)).text).toBe('hello')
        expect((await send(`GET ${at}/other`)).text).toBe('nothing here')
        expect((await send(`POST ${at}/files`, LENGTH)).status).toBe(201)
      },
    )

    it('the application does not become ready when fastifyUploads gets no upload server', async () => {
      const app = fastify()
      // @ts-expect-error -- as from a program without types
      app.register(fastifyUploads)
      await expect(app.ready()).rejects.toThrow('pass an upload server')
    })

    it('the error names the cause when a hook has read the body', async () => {
      const errors: unknown[] = []
      const { send } = await start((app, uploads) => {
        app.setErrorHandler((error, _request, reply) => {
          errors.push(error)
          reply.code(500).send('handled')
        })
        app.addHook('onRequest', async ({ raw }) => {
          for await (const _ of raw);
        })
        app.register(fastifyUploads, { uploads })
      })
      const { headers } = await send('POST /files', LENGTH)
      const path = headers['location'] ?? ''
      const answer = await send(`PATCH ${path}`, { 'upload-offset': '0' }, 'hello')
      expect([answer.status, answer.text]).toEqual([500, 'handled'])
      expect(errors.map(String)).toEqual([expect.stringContaining('the body of this request')])
    })

    it('fastifyUploads logs a fault once, and the client can resume after its response', async () => {
      const lines: string[] = []
      const uploads = createUploadServer<FastifyContext>({
        path: '/files',
        store: openStore().store,
        hooks: {
          authorize: (action) => {
            if (action === 'remove') throw new Error('a fault of the application')
          },
        },
      })
      const app = fastify({
        logger: { level: 'error', stream: { write: (line: string) => void lines.push(line) } },
      })
      app.register(fastifyUploads, { uploads })
      open = await listening(app, uploads)
      const { send } = socketClient(open.origin)
      const { headers } = await send('POST /files', LENGTH)
      const answer = await send(`DELETE ${headers['location'] ?? ''}`)
      expect([answer.status, answer.text.includes('fault')]).toEqual([500, false])
      expect(lines).toEqual([expect.stringContaining('a fault of the application')])
    })

    it('fastifyUploads prints an unexpected error with its hook if the application has no logger', async () => {
      const print = vi.spyOn(console, 'error').mockReturnValue()
      const cause = new Error('a fault of the application')
      const uploads = createUploadServer<FastifyContext>({
        path: '/files',
        store: openStore().store,
        hooks: { beforeCreate: () => Promise.reject(cause) },
      })
      const app = fastify()
      app.register(fastifyUploads, { uploads })
      open = await listening(app, uploads)
      expect((await socketClient(open.origin).send('POST /files', LENGTH)).status).toBe(500)
      const printed = print.mock.calls
      print.mockRestore()
      expect(printed).toEqual([
        ['%s', 'tusker: unexpected error in the hook beforeCreate, POST /files:', cause],
      ])
    })

    it('plugins that compress responses do not apply to the routes of fastifyUploads', async () => {
      const compress: unknown[] = []
      await start((app, uploads) => {
        app.addHook('onRoute', (route) => {
          compress.push((route as { readonly compress?: unknown }).compress)
        })
        app.register(fastifyUploads, { uploads })
      })
      expect(new Set(compress)).toEqual(new Set([false]))
    })

    it('handlerTimeout of the application does not end an upload', async () => {
      const uploads = createUploadServer({ path: '/files', store: openStore().store })
      // Versions before 5.8 have no such limit.
      const app = fastify({ handlerTimeout: 200 } as FastifyServerOptions)
      app.register(fastifyUploads, { uploads })
      open = await listening(app, uploads)
      const { send } = socketClient(open.origin)
      const { headers } = await send('POST /files', LENGTH)
      const path = headers['location'] ?? ''
      const slow = paused('he')
      const appended = send(`PATCH ${path}`, { 'upload-offset': '0' }, slow)
      await setTimeout(500)
      slow.resume('llo')
      expect((await appended).status).toBe(204)
    })

    it('fastifyUploads changes no other route: they parse their bodies and run their own hooks', async () => {
      const { send } = await start((app, uploads) => {
        app.register(fastifyUploads, { prefix: '/up', uploads })
        app.post('/echo', (request) => request.body)
      })
      const json = { 'content-type': 'application/json', 'content-length': '9' }
      expect((await send('POST /echo', json, '{"a": 1} ')).text).toBe('{"a":1}')
    })

    it('responses have no header field twice beside a plugin for CORS', async () => {
      const { send } = await start((app, uploads) => {
        app.register(cors, { origin: 'http://page.test' })
        app.register(fastifyUploads, { uploads })
      })
      const created = await send('POST /files', { ...LENGTH, origin: 'http://page.test' })
      expect(created.status).toBe(201)
      expect(created.headers['access-control-allow-origin']).toBe('http://page.test')
    })

    it('onSend hooks of Fastify see status and headers of an upload response', async () => {
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

    it('hooks get the user that sent the request', async () => {
      const { send } = await start((app, uploads) => app.register(fastifyUploads, { uploads }))
      const { headers } = await send('POST /files', { ...LENGTH, 'x-user': 'ada' })
      const path = headers['location'] ?? ''
      expect((await send(`HEAD ${path}`, { 'x-user': 'ada' })).status).toBe(200)
      expect((await send(`HEAD ${path}`, { 'x-user': 'bob' })).status).toBe(403)
    })
  })
}
