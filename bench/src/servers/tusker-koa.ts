import { koaUploads } from '@tusker/adapter-koa'
import type { Context } from 'koa'
import Koa from 'koa'
import { createServer } from 'node:http'
import { control } from './support/control.ts'
import { uploadsOver } from './support/uploads.ts'

const app = new Koa()
app.use(koaUploads(uploadsOver<Context>()))
const listener = app.callback()
await control(createServer((req, res) => void listener(req, res)))
