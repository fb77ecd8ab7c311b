import { memoryStore } from '@tusker/store-memory'
import type { Answer, Client } from '@tusker/testing'
import { paused, socketClient } from '@tusker/testing'
import { once } from 'node:events'
import type { RequestListener, Server } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import type { Resumable } from '../src/index.ts'
import { resumable } from '../src/index.ts'

const VERSION = { 'tus-resumable': null, 'upload-draft-interop-version': '8' }
const PART = { ...VERSION, 'content-type': 'application/partial-upload' }

describe('an ordinary route that became resumable', () => {
  let open: { readonly server: Server; readonly app: Resumable } | null = null
  let calls = 0
  afterEach(async () => {
    await open?.app.close()
    open?.server.closeAllConnections()
    open?.server.close()
  })

  /** An application of the kind that there is: it reads a photo and answers in JSON. */
  const photos: RequestListener = (req, res) => {
    calls += 1
    void text(req).then((content) => {
      const { authorization = '', cookie = '', 'content-type': type = '' } = req.headers
      const status = content === 'broken' ? 500 : content === 'bad' ? 422 : 201
      res.writeHead(status, { 'content-type': 'application/json', 'x-app': 'photos' })
      res.write('{"made":')
      res.end(
        JSON.stringify([req.method, req.url, content, type, authorization, cookie]).concat('}'),
      )
    })
  }

  async function serve(): Promise<Client> {
    calls = 0
    const app = resumable(photos, { store: memoryStore(), idleTimeout: 200 })
    const server = createServer(app.listener).listen(0, '127.0.0.1')
    open = { server, app }
    await once(server, 'listening')
    return socketClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  }

  const made = ({ text: body }: Answer): unknown => (JSON.parse(body) as { made: unknown }).made

  it('answers a client that does not ask for it as before', async () => {
    const { send } = await serve()
    const answer = await send('POST /api/photos?a=1', { 'tus-resumable': null }, 'png')
    expect(answer.status).toBe(201)
    expect(answer.headers['upload-complete']).toBeUndefined()
    expect(made(answer)).toEqual(['POST', '/api/photos?a=1', 'png', '', '', ''])
  })

  it('gives a request that comes whole to the application, and its response to the client', async () => {
    const { send } = await serve()
    const fields = {
      ...VERSION,
      'upload-complete': '?1',
      'content-type': 'image/png',
      cookie: 'a=b',
    }
    const answer = await send('PUT /api/photos?a=1', fields, 'png')
    expect(answer).toMatchObject({ status: 201, headers: { 'x-app': 'photos' } })
    expect(answer.headers['upload-complete']).toBe('?1')
    expect(answer.interim[0]).toMatchObject({ status: 104 })
    expect(made(answer)).toEqual(['PUT', '/api/photos?a=1', 'png', 'image/png', '', 'a=b'])
  })

  it('gives a request that was cut off to the application once all of it is there', async () => {
    const { send } = await serve()
    const fields = { ...VERSION, 'upload-complete': '?1', 'content-type': 'image/png' }
    const cut = await send(
      'POST /api/photos',
      { ...fields, 'content-length': '10' },
      paused('hello'),
    )
    expect(cut.status).toBe(503)
    expect(calls).toBe(0)
    const path = cut.interim[0]?.headers['location'] ?? ''
    const looked = await send(`HEAD ${path}`, VERSION)
    expect(looked.headers['upload-offset']).toBe('5')
    const last = { ...PART, 'upload-complete': '?1', authorization: 'Bearer now' }
    const answer = await send(`PATCH ${path}`, { ...last, 'upload-offset': '5' }, 'world')
    expect(made(answer)).toEqual([
      'POST',
      '/api/photos',
      'helloworld',
      'image/png',
      'Bearer now',
      '',
    ])
    // A client that lost the response asks again. The application is not asked again.
    const again = await send(`PATCH ${path}`, { ...last, 'upload-offset': '10' })
    expect(again).toMatchObject({ status: 201, text: answer.text })
    expect(calls).toBe(1)
  })

  it('reports an error of the application as its response, and keeps no response from 500 on', async () => {
    const { send } = await serve()
    const fields = { ...VERSION, 'upload-complete': '?1' }
    const bad = await send('POST /api/photos', fields, 'bad')
    expect(bad).toMatchObject({ status: 422, headers: { 'upload-complete': '?1' } })
    const broken = await send('POST /api/photos', fields, 'broken')
    expect(broken).toMatchObject({ status: 500, headers: { 'upload-complete': '?0' } })
    const path = broken.interim[0]?.headers['location'] ?? ''
    expect((await send(`HEAD ${path}`, VERSION)).headers['upload-complete']).toBe('?0')
    const last = { ...PART, 'upload-complete': '?1', 'upload-offset': '6' }
    expect((await send(`PATCH ${path}`, last)).status).toBe(500)
    expect(calls).toBe(3)
  })
})
