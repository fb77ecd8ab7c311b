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
  listenOn,
  overSockets,
  socketClient,
} from '@tusker/testing'
import type { Context } from 'koa'
import Koa3 from 'koa'
import Koa2 from 'koa2'
import mount from 'koa-mount'
import { afterEach, describe, expect, it } from 'vitest'
import { koaUploads } from '../src/index.ts'

const openStore = () => ({ store: memoryStore({ maxLength: Number.MAX_SAFE_INTEGER }) })

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
  const overKoa = overSockets(openStore, serve)

  describeHost(`Koa ${version}`, serve, { openStore })
  describeTus(`Koa ${version}`, (options) => overKoa({ checksums: checksums(), ...options }))
  describeBadInput(`Koa ${version}`, overKoa, { runs: 10 })

  describe(`Koa ${version}, mounting`, () => {
    let listening: Listening | undefined
    afterEach(() => listening?.close())

    async function open(
      place: (app: Koa3, uploads: UploadServer<Context>) => unknown,
      path = '/files',
    ): Promise<Client> {
      const uploads = createUploadServer<Context>({
        ...{ path, store: openStore().store },
        hooks: {
          identify: (ctx) => ctx.get('x-user') || String(ctx.state['user'] ?? 'nobody'),
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
    ])('at %s, with the path %s, uploads are at %s', async (at, path, uploadsAt) => {
      const { send } = await open((app, uploads) => app.use(mount(at, koaUploads(uploads))), path)
      const created = await send(`POST ${uploadsAt}`, LENGTH)
      expect(created.status).toBe(201)
      const location = created.headers['location'] ?? ''
      expect(location).toMatch(new RegExp(`^${uploadsAt}/[0-9a-f]{32}$`))
      expect((await send(`PATCH ${location}`, { 'upload-offset': '0' }, 'hello')).status).toBe(204)
    })

    it('shows status and headers to middleware around it, and leaves other paths alone', async () => {
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

    it('emits a fault on the application once, and answers what a client can go on from', async () => {
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

    it('names the cause when the body was read before', async () => {
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

    it('hooks see the user that middleware before found', async () => {
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
