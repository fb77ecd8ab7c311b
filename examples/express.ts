import { closeServer, expressUploads } from '@tusker/adapter-express'
import express from 'express'

const files = expressUploads({ path: '/files', directory: './uploads' })

const app = express()
app.use(files)
app.get('/', (_req, res) => {
  res.send('hello')
})

const server = app.listen(Number(process.env['PORT'] ?? 1080), () => {
  console.log('uploads are created at /files of', server.address())
})

process.once('SIGTERM', () => void closeServer(server, files.uploads))
