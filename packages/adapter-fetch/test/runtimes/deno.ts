import { fetchHandler } from '@tusker/adapter-fetch'
import { uploadServer } from './uploads.ts'

/** The part of Deno's types that this file uses. */
interface ServeHandlerInfo {
  readonly remoteAddr: { readonly hostname: string }
}
declare const Deno: {
  serve(
    options: {
      readonly port: number
      readonly hostname: string
      readonly onListen: (address: { readonly port: number }) => void
    },
    handler: (request: Request, info: ServeHandlerInfo) => Promise<Response>,
  ): unknown
}

const uploads = fetchHandler(uploadServer<ServeHandlerInfo>(), {
  remoteAddress: (_request, info) => info.remoteAddr.hostname,
})
const onListen = ({ port }: { port: number }): void => console.log(JSON.stringify({ port }))
Deno.serve({ port: 0, hostname: '127.0.0.1', onListen }, uploads)
