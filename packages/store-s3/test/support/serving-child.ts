// Run as a process of its own, to be stopped or killed: serves uploads of a bucket over HTTP.
import { createUploadServer } from '@tusker/core'
import { nodeHandler } from '@tusker/adapter-node'
import { createServer } from 'node:http'
import { s3Uploads } from '../../src/index.ts'
import { CREDENTIALS } from './credentials.ts'

const [endpoint = '', prefix = '', partSize = '', smallestPart = '', style = ''] =
  process.argv.slice(2)
const { store, locker } = s3Uploads({
  bucket: 'bucket',
  endpoint,
  prefix,
  credentials: CREDENTIALS,
  partSize: Number(partSize),
  smallestPart: Number(smallestPart),
  leaseTtl: 1_000,
  commitEvery: 100,
  conditionalWrites: style === 'unquoted' ? 'unquoted' : 'quoted',
})
const uploads = createUploadServer({ path: '/files', store, locker, downloads: true })
const server = createServer(nodeHandler(uploads))
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (typeof address === 'object' && address !== null) process.send?.({ port: address.port })
})
process.on('disconnect', () => process.exit(0))
