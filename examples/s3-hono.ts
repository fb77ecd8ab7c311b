import { fetchHandler } from '@tusker/adapter-fetch'
import { s3Uploads } from '@tusker/store-s3'
import { Hono } from 'hono'

// Cloudflare R2 by its S3 endpoint: all parts but the last have to be equally long there.
const { store, locker } = s3Uploads({
  bucket: 'my-bucket',
  endpoint: 'https://ACCOUNT.r2.cloudflarestorage.com',
  region: 'auto',
  equalParts: true,
  credentials: { accessKeyId: 'KEY', secretAccessKey: 'SECRET' },
})

const files = fetchHandler({ path: '/files', store, locker })

const app = new Hono()
app.all('/files', (c) => files(c.req.raw))
app.all('/files/*', (c) => files(c.req.raw))

export default app
