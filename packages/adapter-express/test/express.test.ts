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
  listenOn,
  overSockets,
  socketClient,
} from '@tusker/testing'
import cors from 'cors'
import type { ErrorRequestHandler, Express } from 'express'
import express5 from 'express'
import express4 from 'express4'
import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { isLong } from '../../testing/test/support/test-rounds.ts'
import type { ExpressContext } from '../src/index.ts'
import { expressUploads } from '../src/index.ts'
import { EXPRESS } from './support/hosts.ts'

const openStore = () => ({ store: memoryStore({ maxLength: Number.MAX_SAFE_INTEGER }) })

// The tests of adapter-node have the whole set over node:http.
const rules = isLong ? 'all' : 'host'

for (const [version, express] of [
  ['5', express5],
  ['4', express4],
] as const) {
  const serve = (uploads: UploadServer, settings: HostSettings = {}): Promise<Listening> =>
    listenOn(express().use(expressUploads(uploads)), uploads, settings, closeServer)
  const overExpress = overSockets(openStore, serve)

  // The oldest version runs these tests only in the long form.
  if (isLong || version === '5') {
    describeHost(`Express ${version}`, serve, { openStore, ...EXPRESS.contract })
    describeBadInput(`Express ${version}`, overExpress, { runs: 10, ...EXPRESS.badInput })
    describeDraft(
      `Express ${version}`,
      (options) => overExpress({ checksums: checksums(), ...options }),
      { ...EXPRESS.draft, rules },
    )
  }
  describeTus(
    `Express ${version}`,
    (options) => overExpress({ checksums: checksums(), ...options }),
    EXPRESS.tus,
  )

  describe(`expressUploads in Express ${version}`, () => {
    let listening: Listening | undefined
    afterEach(() => listening?.close())

    async function open(
      place: (app: Express, uploads: UploadServer<ExpressContext>) => unknown,
      path = '/files',
    ): Promise<Client> {
      const uploads = createUploadServer<ExpressContext>({
        path,
        store: openStore().store,
        hooks: {
          identify: ({ req, res }) =>
            req.get('x-user') ?? String(res.locals['user'] ?? 'anonymous'),
          authorize: (action) => {
            if (action === 'remove') throw new Error('a fault of the application')
          },
        },
      })
      const app = express()
      place(app, uploads)
      listening = await listenOn(app, uploads, {}, closeServer)
      return socketClient(listening.origin)
    }

    const LENGTH = { 'upload-length': '5' }

    it.each([
      ['/api', '/files', '/api/files'],
      ['/api', '/api/files', '/api/files'],
      ['/files', '/', '/files'],
      ['/', '/files', '/files'],
    ])('expressUploads at %s with the path %s serves uploads at %s', async (mount, path, at) => {
      const { send } = await open((app, uploads) => app.use(mount, expressUploads(uploads)), path)
      const created = await send(`POST ${at}`, LENGTH)
      expect(created.status).toBe(201)
      const location = created.headers['location'] ?? ''
      expect(location).toMatch(new RegExp(`^${at}/[0-9a-f]{32}$`))
      const appended = await send(`PATCH ${location}`, { 'upload-offset': '0' }, 'hello')
      expect(appended.status).toBe(204)
    })

    it('expressUploads serves uploads below routers in routers', async () => {
      const { send } = await open((app, uploads) => {
        const inner = express.Router().use('/v1', expressUploads(uploads))
        app.use('/api', express.Router().use('/inner', inner))
      })
      const created = await send('POST /api/inner/v1/files', LENGTH)
      expect(created.headers['location']).toMatch(/^\/api\/inner\/v1\/files\//)
    })

    it('expressUploads serves a request whose path earlier middleware has rewritten', async () => {
      const { send } = await open((app, uploads) => {
        app.use((req, _res, next) => {
          req.url = req.url.replace('/old-place', '/files')
          next()
        }, expressUploads(uploads))
      })
      const created = await send('POST /old-place', LENGTH)
      expect(created.headers['location']).toMatch(/^\/files\//)
    })

    it('expressUploads throws at once when it is used without an upload server', () => {
      // @ts-expect-error -- as in a program without types: app.use(expressUploads)
      expect(() => expressUploads({}, {}, () => {})).toThrow('pass an upload server')
    })

    it('expressUploads passes other paths to the next middleware', async () => {
      const { send } = await open((app, uploads) => {
        app.use(expressUploads(uploads)).get('/hello', (_req, res) => void res.send('hello'))
      })
      expect((await send('GET /hello')).text).toBe('hello')
    })

    it('expressUploads works after a body parser that does not read uploads', async () => {
      const { send } = await open((app, uploads) =>
        app.use(express.json(), expressUploads(uploads)),
      )
      const { headers } = await send('POST /files', LENGTH)
      const fields = { 'upload-offset': '0' }
      expect((await send(`PATCH ${headers['location'] ?? ''}`, fields, 'hello')).status).toBe(204)
    })

    it('the error names the cause when a body parser has read the upload', async () => {
      const errors: unknown[] = []
      const onError: ErrorRequestHandler = (error, _req, res, _next) => {
        errors.push(error)
        res.status(500).send('handled')
      }
      const { send } = await open((app, uploads) =>
        app.use(express.raw({ type: '*/*' }), expressUploads(uploads)).use(onError),
      )
      const { headers } = await send('POST /files', LENGTH)
      const path = headers['location'] ?? ''
      const answer = await send(`PATCH ${path}`, { 'upload-offset': '0' }, 'hello')
      expect([answer.status, answer.text]).toEqual([500, 'handled'])
      expect(String(errors)).toContain('mount uploads before body parsers')
    })

    it('Express calls error handlers once for a fault, and the client gets a response from which it can resume', async () => {
      const errors: unknown[] = []
      const onError: ErrorRequestHandler = (error, _req, res, next) => {
        errors.push(error)
        if (res.headersSent) next(error)
        else res.status(500).end()
      }
      const { send } = await open((app, uploads) => app.use(expressUploads(uploads)).use(onError))
      const { headers } = await send('POST /files', LENGTH)
      const answer = await send(`DELETE ${headers['location'] ?? ''}`)
      expect([answer.status, answer.text.includes('fault')]).toEqual([500, false])
      await expect.poll(() => errors.map(String)).toEqual(['Error: a fault of the application'])
    })

    it('a client that still sends gets the response to a fault before an error handler closes the connection', async () => {
      const errors: unknown[] = []
      const cut: ErrorRequestHandler = (error, req, _res, _next) => {
        errors.push(error)
        req.socket.destroy()
      }
      const { send } = await open((app, uploads) => app.use(expressUploads(uploads)).use(cut))
      const { headers } = await send('POST /files', LENGTH)
      const { hostname, port } = new URL(listening?.origin ?? '')
      const client = connect({ host: hostname, port: Number(port) })
      client.write(`DELETE ${headers['location'] ?? ''} HTTP/1.1\r\nHost: x\r\n`)
      client.write('Tus-Resumable: 1.0.0\r\nContent-Length: 8000000\r\n\r\n')
      await promisify((written: () => void) => client.write(Buffer.alloc(8_000_000), written))()
      expect(await text(client)).toMatch(/^HTTP\/1.1 500 /)
      await expect.poll(() => errors.length).toBe(1)
    })

    it('Express calls error handlers also for a fault after the client has disconnected', async () => {
      const errors: unknown[] = []
      const onError: ErrorRequestHandler = (error, _req, _res, _next) => void errors.push(error)
      const uploads = createUploadServer<ExpressContext>({
        path: '/files',
        store: openStore().store,
        hooks: {
          async authorize(action, _upload, context) {
            if (action !== 'remove' || context === null) return
            await once(context.res, 'close')
            throw new Error('a fault of the application')
          },
        },
      })
      const app = express().use(expressUploads(uploads)).use(onError)
      listening = await listenOn(app, uploads, {}, closeServer)
      const { send, sendUntil } = socketClient(listening.origin)
      const { headers } = await send('POST /files', LENGTH)
      await sendUntil(1, `DELETE ${headers['location'] ?? ''}`, { 'content-length': '5' }, 'hello')
      await expect.poll(() => errors.map(String)).toEqual(['Error: a fault of the application'])
    })

    it('responses have no header field twice after middleware for CORS', async () => {
      const { send } = await open((app, uploads) =>
        app.use(cors({ origin: 'http://page.test' }), expressUploads(uploads)),
      )
      const created = await send('POST /files', { ...LENGTH, origin: 'http://page.test' })
      expect(created.status).toBe(201)
      expect(created.headers['access-control-allow-origin']).toBe('http://page.test')
      expect(created.headers['vary']).toBe('Origin')
    })

    it('hooks get the user that earlier middleware has set', async () => {
      const { send } = await open((app, uploads) => {
        app.use((_req, res, next) => {
          res.locals['user'] = 'ada'
          next()
        }, expressUploads(uploads))
      })
      const { headers } = await send('POST /files', LENGTH)
      const path = headers['location'] ?? ''
      expect((await send(`HEAD ${path}`)).status).toBe(200)
      expect((await send(`HEAD ${path}`, { 'x-user': 'bob' })).status).toBe(403)
    })
  })
}
