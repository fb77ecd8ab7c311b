import { fetchHandler } from '@tusker/adapter-fetch'
import { createUploadServer } from '@tusker/core'
import { fsStore } from '@tusker/store-fs'

const uploads = createUploadServer<Deno.ServeHandlerInfo>({
  path: '/files',
  store: fsStore({ directory: './uploads' }),
})

const server = Deno.serve(
  { port: 1080 },
  fetchHandler(uploads, { remoteAddress: (_request, info) => info.remoteAddr.hostname }),
)

Deno.addSignalListener('SIGTERM', () => void Promise.all([uploads.close(), server.shutdown()]))
