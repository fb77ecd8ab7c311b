import { FileStore } from '@tus/file-store'
import { Server } from '@tus/server'
import { createServer } from 'node:http'
import { control, settings } from './support/control.ts'

const { directory } = settings
const uploads = new Server({
  path: '/files',
  relativeLocation: true,
  datastore: new FileStore({ directory }),
})
await control(createServer((req, res) => void uploads.handle(req, res)))
