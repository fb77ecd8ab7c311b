import { nodeHandler } from '@tusker/adapter-node'
import { createUploadServer } from '@tusker/core'
import { s3Uploads } from '@tusker/store-s3'
import { createServer } from 'node:http'
import { control, settings } from '../../servers/support/control.ts'

process.env['TMPDIR'] = settings.directory
const { store, locker, check } = s3Uploads({
  bucket: 'bucket',
  endpoint: settings.s3,
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'testtest' },
  prefix: 'tusker/',
})
await check()
const uploads = createUploadServer({ path: '/files', store, locker, downloads: true })
await control(createServer(nodeHandler(uploads)))
