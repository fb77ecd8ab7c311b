import { fetchHandler } from '@tusker/adapter-fetch'
import { createUploadServer } from '@tusker/core'
import { fsStore } from '@tusker/store-fs'

type Server = ReturnType<typeof Bun.serve>

const uploads = createUploadServer<Server>({
  path: '/files',
  store: fsStore({ directory: './uploads' }),
})

const server = Bun.serve({
  port: 1080,
  // By default Bun closes a connection after ten idle seconds, and refuses a body above 128 MiB.
  idleTimeout: 0,
  maxRequestBodySize: Number.MAX_SAFE_INTEGER,
  fetch: fetchHandler(uploads, {
    remoteAddress: (request, server) => server.requestIP(request)?.address ?? null,
  }),
})

process.once('SIGTERM', () => void Promise.all([uploads.close(), server.stop()]))
