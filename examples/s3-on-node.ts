import { closeServer, nodeHandler, prepareServer } from '@tusker/adapter-node'
import { s3Uploads } from '@tusker/store-s3'
import { createServer } from 'node:http'

// Any number of these may run, on any hosts. Credentials come from AWS's usual variables.
const { store, locker, check } = s3Uploads({
  bucket: process.env['S3_BUCKET'] ?? 'my-bucket',
  object: ({ attributes }) => ({ contentType: attributes['type'] }),
})
// Says in one sentence what is wrong with the bucket, the keys or the rights.
await check()

const handle = nodeHandler({
  path: '/files',
  store,
  locker,
  expireAfter: 24 * 60 * 60 * 1000,
  hooks: {
    beforeCreate: () => ({ attributes: { type: 'application/octet-stream' } }),
  },
})

const port = Number(process.env['PORT'] ?? 1080)
const server = createServer(handle).listen(port, () => {
  console.log(`uploads are created at http://localhost:${port}/files`)
})
prepareServer(server)

process.once('SIGTERM', () => void closeServer(server, handle.uploads))
