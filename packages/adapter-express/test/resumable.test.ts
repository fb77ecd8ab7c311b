import { memoryStore } from '@tusker/store-memory'
import { socketClient } from '@tusker/testing'
import express from 'express'
import { once } from 'node:events'
import type { RequestListener, Server } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { expect, it } from 'vitest'
import type { Resumable } from '../src/index.ts'
import { resumable } from '../src/index.ts'

type Serve = (routes: (app: RequestListener) => Resumable) => Server

function application(): Promise<Serve> {
  const app = express()
  app.post('/api/photos', express.json(), (req, res) => {
    res.status(201).json({ got: req.body as unknown, ip: typeof req.ip })
  })
  return Promise.resolve((routes) => createServer(routes(app).listener))
}

it('a route of Express becomes resumable for clients that ask for it, and other clients see no change', async () => {
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
