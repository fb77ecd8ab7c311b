// As much of the types of other runtimes as the examples use.

interface BunServer {
  requestIP(request: Request): { readonly address: string } | null
  stop(): Promise<void>
}

declare const Bun: {
  serve(options: {
    readonly port: number
    readonly idleTimeout: number
    readonly maxRequestBodySize: number
    readonly fetch: (request: Request, server: BunServer) => Promise<Response>
  }): BunServer
}

declare namespace Deno {
  interface ServeHandlerInfo {
    readonly remoteAddr: { readonly hostname: string }
  }
  function serve(
    options: { readonly port: number },
    handler: (request: Request, info: ServeHandlerInfo) => Promise<Response>,
  ): { shutdown(): Promise<void> }
  function addSignalListener(signal: string, listener: () => void): void
}

interface ExecutionContext {
  waitUntil(promise: Promise<unknown>): void
}
