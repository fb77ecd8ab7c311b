import type { ExpressContext } from '@tusker/adapter-express'
import { expressUploads } from '@tusker/adapter-express'
import { closeServer } from '@tusker/adapter-node'
import { createUploadServer } from '@tusker/core'
import { fsStore } from '@tusker/store-fs'
import express from 'express'

const uploads = createUploadServer<ExpressContext>({
  path: '/files',
  store: fsStore({ directory: './uploads' }),
})

const app = express()
app.use(expressUploads(uploads))
app.get('/', (_req, res) => {
  res.send('hello')
})

const server = app.listen(Number(process.env['PORT'] ?? 1080))

process.once('SIGTERM', () => void closeServer(server, uploads))
