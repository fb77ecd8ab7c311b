import Koa from 'koa'
import { createServer } from 'node:http'
import { control, settings } from './support/control.ts'
import { plainListener } from './support/plain-node.ts'

const app = new Koa()
const plain = plainListener(settings.directory)
app.use((ctx) => {
  ctx.respond = false
  return plain(ctx.req, ctx.res)
})
const listener = app.callback()
await control(createServer((req, res) => void listener(req, res)))
