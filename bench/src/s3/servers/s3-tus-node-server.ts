import { S3Store } from '@tus/s3-store'
import { Server } from '@tus/server'
import { createServer } from 'node:http'
import { control, settings } from '../../servers/support/control.ts'

process.env['TMPDIR'] = settings.directory
const datastore = new S3Store({
  partSize: 8 * 2 ** 20,
  s3ClientConfig: {
    bucket: 'bucket',
    endpoint: settings.s3,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'testtest' },
    forcePathStyle: true,
    // Ceph refuses the checksums that the SDK adds by default.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  },
})
const uploads = new Server({ path: '/files', relativeLocation: true, datastore })
await control(createServer((req, res) => void uploads.handle(req, res)))
