import { createAdaptorServer } from '@hono/node-server'
import { fetchHandler } from '@tusker/adapter-fetch'
import { Hono } from 'hono'
import { control } from './support/control.ts'
import { uploadsOver } from './support/uploads.ts'

const handler = fetchHandler(uploadsOver<Request>())
const app = new Hono()
app.all('/files', (c) => handler(c.req.raw))
app.all('/files/*', (c) => handler(c.req.raw))
await control(createAdaptorServer({ fetch: app.fetch }))
