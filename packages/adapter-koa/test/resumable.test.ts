import { memoryStore } from '@tusker/store-memory'
import { socketClient } from '@tusker/testing'
import Koa from 'koa'
import { once } from 'node:events'
import type { RequestListener, Server } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import type { Resumable } from '../src/index.ts'
import { resumable } from '../src/index.ts'

type Serve = (routes: (app: RequestListener) => Resumable) => Server

function application(): Promise<Serve> {
  const app = new Koa()
  app.use(async (ctx) => {
    ctx.status = 201
    ctx.body = { got: JSON.parse(await text(ctx.req)) as unknown, ip: typeof ctx.ip }
  })
  const answer = app.callback()
  return Promise.resolve((routes) =>
    createServer(routes((req, res) => void answer(req, res)).listener),
  )
}

it('a route of Koa becomes resumable for clients that ask for it, and other clients see no change', async () => {
  const serve = await application()
  const server = serve((app) => resumable(app, { store: memoryStore() })).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { send } = socketClient(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const fields = { 'tus-resumable': null, 'content-type': 'application/json' }
  const expected = { got: { title: 'sea' }, ip: 'string' }

  const plain = await send('POST /api/photos', fields, '{"title":"sea"}')
  expect(JSON.parse(plain.text)).toEqual(expected)

  const begun = await send('POST /api/photos', { ...fields, 'upload-complete': '?0' }, '{"title"')
  const rest = {
    'tus-resumable': null,
    'content-type': 'application/partial-upload',
    'upload-complete': '?1',
    'upload-offset': '8',
  }
  const answer = await send(`PATCH ${begun.headers['location']}`, rest, ':"sea"}')
  expect(answer).toMatchObject({ status: 201, headers: { 'upload-complete': '?1' } })
  expect(JSON.parse(answer.text)).toEqual(expected)
  server.closeAllConnections()
  server.close()
})
