import { prepareServer } from '@tusker/adapter-node'
import { createUploadServer } from '@tusker/core'
import { memoryStore } from '@tusker/store-memory'
import { listenWith, statusOfSilentBody } from '@tusker/testing'
import type { Listening } from '@tusker/testing'
import Koa from 'koa'
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import { koaUploads } from '../src/index.ts'
import { afterEach, expect, it } from 'vitest'

let listening: Listening | undefined
afterEach(() => listening?.close())

async function open(): Promise<Listening> {
  const uploads = createUploadServer({ path: '/files', store: memoryStore() })
  const app = new Koa().use(koaUploads(uploads)).use(async (ctx) => {
    ctx.body = await json(ctx.req)
  })
  app.silent = true
  const listener = app.callback()
  const server = createServer((req, res) => void listener(req, res))
  prepareServer(server, { idleTimeout: 200 })
  return listenWith(server, uploads, () => Promise.resolve())
}

it('a silent JSON body of a route of Koa is ended with 408', async () => {
  listening = await open()
  expect(await statusOfSilentBody(listening.origin)).toBe(408)
})
