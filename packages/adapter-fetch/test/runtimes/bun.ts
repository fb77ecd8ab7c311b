import { fetchHandler } from '@tusker/adapter-fetch'
import { uploadServer } from './uploads.ts'

/** The part of Bun's types that this file uses. */
interface BunServer {
  readonly port: number
  requestIP(request: Request): { readonly address: string } | null
}
declare const Bun: {
  serve(options: {
    readonly port: number
    readonly hostname: string
    readonly idleTimeout: number
    readonly maxRequestBodySize: number
    readonly fetch: (request: Request, server: BunServer) => Promise<Response>
  }): BunServer
}

const uploads = fetchHandler(uploadServer<BunServer>(), {
  remoteAddress: (request, server) => server.requestIP(request)?.address ?? null,
})
const { port } = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  fetch: uploads,
  // By default Bun closes a connection after ten idle seconds, and refuses a body above 128 MiB.
  idleTimeout: 0,
  maxRequestBodySize: Number.MAX_SAFE_INTEGER,
})
console.log(JSON.stringify({ port }))
