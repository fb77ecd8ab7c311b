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
  listenOn,
  overSockets,
  socketClient,
} from '@tusker/testing'
import cors from '@koa/cors'
import Router from '@koa/router'
import type { Context } from 'koa'
import Koa3 from 'koa'
import Koa2 from 'koa2'
import mount from 'koa-mount'
import { once } from 'node:events'
import { createServer as createHttp2Server } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { isLong } from '../../testing/test/support/test-rounds.ts'
import { koaUploads } from '../src/index.ts'
import { KOA } from './support/hosts.ts'

const openStore = () => ({ store: memoryStore({ maxLength: Number.MAX_SAFE_INTEGER }) })

// The tests of adapter-node have the whole set over node:http.
const rules = isLong ? 'all' : 'host'

for (const [version, Koa] of [
  ['3', Koa3],
  ['2', Koa2],
] as const) {
  const serve = (uploads: UploadServer, settings: HostSettings = {}): Promise<Listening> => {
    const app = new Koa().use(koaUploads(uploads))
    app.silent = true
    const listener = app.callback()
    return listenOn((req, res) => void listener(req, res), uploads, settings, closeServer)
  }
  const serveHttp2 = async (uploads: UploadServer): Promise<Listening> => {
    const app = new Koa().use(koaUploads(uploads))
    app.silent = true
    const listener = app.callback()
    const server = createHttp2Server((req, res) => void listener(req, res)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    return { origin: `http://127.0.0.1:${port}`, close: () => closeServer(server, uploads) }
  }
  const overKoa = overSockets(openStore, serve)

  // The oldest version runs these tests only in the long form.
  if (isLong || version === '3') {
    describeHost(`Koa ${version}`, serve, { openStore, ...KOA.contract })
    describeBadInput(`Koa ${version}`, overKoa, { runs: 10, ...KOA.badInput })
    describeDraft(`Koa ${version}`, (options) => overKoa({ checksums: checksums(), ...options }), {
      ...KOA.draft,
      rules,
    })
  }
  // Koa 2 answers no HEAD over HTTP/2: it takes the stream, whose end Node has written already, for closed.
  if (version === '3') {
    const overHttp2 = overSockets(openStore, serveHttp2, http2Client)
    describeDraft(
      `Koa ${version} over HTTP/2`,
      (options) => overHttp2({ checksums: checksums(), ...options }),
      { ...KOA.draftOverHttp2, rules },
    )
  }
  describeTus(
    `Koa ${version}`,
    (options) => overKoa({ checksums: checksums(), ...options }),
    KOA.tus,
  )

  describe(`koaUploads in Koa ${version}`, () => {
    let listening: Listening | undefined
    afterEach(() => listening?.close())

    async function open(
      place: (app: Koa3, uploads: UploadServer<Context>) => unknown,
      path = '/files',
    ): Promise<Client> {
      const uploads = createUploadServer<Context>({
        path,
        store: openStore().store,
        hooks: {
          identify: (ctx) => ctx.get('x-user') || String(ctx.state['user'] ?? 'anonymous'),
          authorize: (action) => {
            if (action === 'remove') throw new Error('a fault of the application')
          },
        },
      })
      const app = new Koa()
      app.silent = true
      place(app, uploads)
      const listener = app.callback()
      listening = await listenOn((req, res) => void listener(req, res), uploads, {}, closeServer)
      return socketClient(listening.origin)
    }

    const LENGTH = { 'upload-length': '5' }

    it.each([
      ['/api', '/files', '/api/files'],
      ['/api', '/api/files', '/api/files'],
      ['/files', '/', '/files'],
    ])('koaUploads at %s with the path %s serves uploads at %s', async (at, path, uploadsAt) => {
      const { send } = await open((app, uploads) => app.use(mount(at, koaUploads(uploads))), path)
      const created = await send(`POST ${uploadsAt}`, LENGTH)
      expect(created.status).toBe(201)
      const location = created.headers['location'] ?? ''
      expect(location).toMatch(new RegExp(`^${uploadsAt}/[0-9a-f]{32}$`))
      expect((await send(`PATCH ${location}`, { 'upload-offset': '0' }, 'hello')).status).toBe(204)
    })

    it.each([
      ['/files{/*rest}', '/files', '/files'],
      ['/api/v1/files{/*rest}', '/files', '/api/v1/files'],
      ['/api/v1/files{/*rest}', '/v1/files', '/api/v1/files'],
      ['/api/v1{/*rest}', '/api/v1/files', '/api/v1/files'],
    ])(
      'koaUploads in the route %s with the path %s serves uploads at %s',
      async (route, path, at) => {
        const { send } = await open((app, uploads) => {
          const router = new Router().all(route, koaUploads(uploads))
          app.use(router.routes()).use(router.allowedMethods())
        }, path)
        const created = await send(`POST ${at}`, LENGTH)
        const location = created.headers['location'] ?? ''
        expect(location).toMatch(new RegExp(`^${at}/[0-9a-f]{32}$`))
        expect((await send(`PATCH ${location}`, { 'upload-offset': '0' }, 'hello')).status).toBe(
          204,
        )
        expect((await send(`HEAD ${location}`)).headers['upload-offset']).toBe('5')
        expect((await send(`OPTIONS ${at}`)).headers['tus-version']).toBe('1.0.0')
      },
    )

    it('koaUploads serves uploads below the prefixes of routers in routers', async () => {
      const { send } = await open((app, uploads) => {
        const inner = new Router({ prefix: '/v1' }).all('/files{/*rest}', koaUploads(uploads))
        const outer = new Router({ prefix: '/api' }).use(inner.routes())
        app.use(outer.routes())
      })
      const created = await send('POST /api/v1/files', LENGTH)
      expect(created.headers['location']).toMatch(/^\/api\/v1\/files\//)
    })

    it('koaUploads fails with a clear error when it is used without an upload server', async () => {
      const errors: unknown[] = []
      const { send } = await open((app) => {
        app.on('error', (error) => errors.push(error))
        // The call is missing. The types do not show it, because a Koa context may have any property.
        app.use(koaUploads)
      })
      expect((await send('POST /files', LENGTH)).status).toBe(500)
      expect(String(errors)).toContain('pass an upload server')
    })

    it('koaUploads works after middleware that does not read uploads, and sends no header field twice', async () => {
      const { send } = await open((app, uploads) => {
        app.use(cors({ origin: 'http://page.test' })).use(koaUploads(uploads))
      })
      const created = await send('POST /files', { ...LENGTH, origin: 'http://page.test' })
      expect(created.status).toBe(201)
      expect(created.headers['access-control-allow-origin']).toBe('http://page.test')
      const fields = { 'upload-offset': '0', origin: 'http://page.test' }
      const location = created.headers['location'] ?? ''
      const appended = await send(`PATCH ${location}`, fields, 'hello')
      expect([appended.status, appended.headers['content-type']]).toEqual([204, undefined])
    })

    it('outer middleware sees status and headers of koaUploads, which passes other paths on', async () => {
      const seen: unknown[] = []
      const { send } = await open((app, uploads) => {
        app.use(async (ctx, next) => {
          await next()
          seen.push([ctx.status, 'tus-resumable' in ctx.response.headers])
          ctx.set('x-around', 'yes')
        })
        app.use(koaUploads(uploads))
        app.use((ctx) => {
          ctx.body = 'other'
        })
      })
      const created = await send('POST /files', LENGTH)
      expect(created.headers['x-around']).toBe('yes')
      expect((await send('GET /hello')).text).toBe('other')
      expect(seen).toEqual([
        [201, true],
        [200, false],
      ])
    })

    it('koaUploads emits a fault once on the application, and the client can resume after its response', async () => {
      const errors: unknown[] = []
      const { send } = await open((app, uploads) => {
        app.on('error', (error) => errors.push(error))
        app.use(koaUploads(uploads))
      })
      const { headers } = await send('POST /files', LENGTH)
      const answer = await send(`DELETE ${headers['location'] ?? ''}`)
      expect([answer.status, answer.text.includes('fault')]).toEqual([500, false])
      expect(errors.map(String)).toEqual(['Error: a fault of the application'])
    })

    it('the error names the cause when earlier middleware has read the body', async () => {
      const errors: unknown[] = []
      const { send } = await open((app, uploads) => {
        app.on('error', (error) => errors.push(error))
        app.use(async (ctx, next) => {
          for await (const _ of ctx.req);
          await next()
        })
        app.use(koaUploads(uploads))
      })
      const { headers } = await send('POST /files', LENGTH)
      const path = headers['location'] ?? ''
      const answer = await send(`PATCH ${path}`, { 'upload-offset': '0' }, 'hello')
      expect(answer.status).toBe(500)
      expect(String(errors)).toContain('mount uploads before body parsers')
    })

    it('hooks get the user that earlier middleware has set', async () => {
      const { send } = await open((app, uploads) => {
        app.use((ctx, next) => {
          ctx.state['user'] = 'ada'
          return next()
        })
        app.use(koaUploads(uploads))
      })
      const { headers } = await send('POST /files', LENGTH)
      const path = headers['location'] ?? ''
      expect((await send(`HEAD ${path}`)).status).toBe(200)
      expect((await send(`HEAD ${path}`, { 'x-user': 'bob' })).status).toBe(403)
    })
  })
}
