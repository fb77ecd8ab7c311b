import { resumable } from '@tusker/adapter-node'
import { memoryStore } from '@tusker/store-memory'
import { describeResumableRoute, startedOn } from '@tusker/testing'
import Koa from 'koa'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'

describeResumableRoute('Koa', () => {
  const app = new Koa()
  app.use(async (ctx) => {
    ctx.status = 201
    ctx.body = { got: JSON.parse(await text(ctx.req)) as unknown, ip: typeof ctx.ip }
  })
  const answer = app.callback()
  const routes = resumable((req, res) => void answer(req, res), { store: memoryStore() })
  return startedOn(createServer(routes.listener))
})
