import { fetchHandler } from '@tusker/adapter-fetch'
import { checksums } from '@tusker/checksums'
import type { UploadServer } from '@tusker/core'
import { createUploadServer } from '@tusker/core'
import type { Client, HostOptions, HostSettings, Listening, OpenedHost } from '@tusker/testing'
import {
  describeDraft,
  describeHost,
  describeTus,
  overSockets,
  socketClient,
} from '@tusker/testing'
import type { Context } from 'hono'
import { Hono } from 'hono'
import { mount } from 'hono/mount'
import { afterEach, describe, expect, it } from 'vitest'
import { isLong } from '../../testing/test/support/test-rounds.ts'
import { HONO } from './support/hosts.ts'
import { listen, openStore } from './support/listen.ts'

function serve(server: UploadServer, settings: HostSettings): Promise<Listening> {
  const uploads = fetchHandler(server)
  const app = new Hono()
  app.all('/files', (c) => uploads(c.req.raw))
  app.all('/files/*', (c) => uploads(c.req.raw))
  return listen(server, app.fetch, settings)
}

const overHono = overSockets(openStore, serve)

const openHono = (options: HostOptions = {}): Promise<OpenedHost> =>
  overHono({ checksums: checksums(), ...options })

describeTus('Hono', openHono, HONO.tus)
// The tests of adapter-node have the whole set over node:http.
describeDraft('Hono', openHono, { ...HONO.draft, rules: isLong ? 'all' : 'host' })

describeHost('Hono', serve, { openStore, ...HONO.contract })

interface Env {
  Variables: { user: string }
}
type Handler = (c: Context<Env>) => Promise<Response>

describe('fetchHandler in a Hono app', () => {
  let listening: Listening | null = null
  afterEach(() => listening?.close())

  /** An app that identifies its users. `place` mounts it below `/api`. */
  async function open(place: (app: Hono<Env>, handler: Handler) => unknown): Promise<Client> {
    const server = createUploadServer<Context<Env>>({
      path: '/files',
      store: openStore().store,
      downloads: true,
      hooks: { identify: (c) => c.get('user') },
    })
    const uploads = fetchHandler(server, { prefix: '/api' })
    const app = new Hono<Env>()
    app.use(async (c, next) => {
      c.set('user', c.req.header('x-user') ?? 'anonymous')
      await next()
    })
    place(app, (c) => uploads(c.req.raw, c))
    app.onError((error, c) => c.text(error.message, 500))
    listening = await listen(server, app.fetch)
    return socketClient(listening.origin)
  }

  it.each<[string, (app: Hono<Env>, handler: Handler) => unknown]>([
    ['a path', (app, handler) => app.all('/api/files/*', handler)],
    ['an app in the app', (app, handler) => app.route('/api', new Hono<Env>().all('*', handler))],
    ['a base path', (app, handler) => app.basePath('/api').all('/files/*', handler)],
    [
      'a mount that leaves the request as it is',
      (app, handler) =>
        app.all(
          '/api/*',
          mount((_request, c: Context<Env>) => handler(c), {
            replaceRequest: false,
            optionHandler: (c) => c,
          }),
        ),
    ],
  ])('fetchHandler serves uploads of a Hono app below a prefix by %s', async (_way, place) => {
    const { send } = await open(place)
    const user = { 'x-user': 'ada' }
    const created = await send('POST /api/files', { ...user, 'upload-length': '10' })
    expect(created.status).toBe(201)
    const upload = created.headers['location'] ?? ''
    expect(upload).toMatch(/^\/api\/files\/[0-9a-f]{32}$/)
    const first = await send(`PATCH ${upload}`, { ...user, 'upload-offset': '0' }, 'hello')
    expect(first.status).toBe(204)
    expect((await send(`HEAD ${upload}`, user)).headers['upload-offset']).toBe('5')
    expect((await send(`PATCH ${upload}`, { ...user, 'upload-offset': '3' }, 'x')).status).toBe(409)
    expect((await send(`HEAD ${upload}`, { 'x-user': 'bob' })).status).toBe(403)
    const last = await send(`PATCH ${upload}`, { ...user, 'upload-offset': '5' }, 'world')
    expect(last.status).toBe(204)
    expect((await send(`GET ${upload}`, user)).text).toBe('helloworld')
  })

  it('the error handler of a Hono app gets an error when the body was read before', async () => {
    const { send } = await open((app, handler) => {
      app.all('/api/files/*', async (c) => {
        await c.req.text()
        return handler(c)
      })
    })
    const answer = await send('POST /api/files', { 'upload-length': '5' }, 'hello')
    expect(answer.status).toBe(500)
    expect(answer.text).toContain('was read before the upload server saw it')
  })
})
