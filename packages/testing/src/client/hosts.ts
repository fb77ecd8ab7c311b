import type { UploadServer } from '@tusker/core'
import type { Client } from './client.ts'
import { socketClient } from './socket-client.ts'
import type { Serve } from '../host/host-under-test.ts'
import type { OpenStore } from './open-store.ts'
import type { HostOptions, TestHost } from './test-host.ts'
import { memoryClient, startServer } from './test-host.ts'

/** A server under test. */
export interface OpenedHost extends TestHost {
  /** Closes the server and disposes of the store. */
  close(): Promise<void>
}

/** Starts a server over an empty store, for one conversation. */
export type OpenHost = (options?: HostOptions) => Promise<OpenedHost>

/** Hosts with no network between server and client. */
export function inMemory(openStore: OpenStore): OpenHost {
  return opener(openStore, (server) =>
    Promise.resolve({ client: memoryClient(server), close: () => Promise.resolve() }),
  )
}

/** Hosts that listen on real sockets, through an adapter. `clientOf` makes a client of an origin. */
export function overSockets(
  openStore: OpenStore,
  serve: Serve,
  clientOf: (origin: string) => Client = socketClient,
): OpenHost {
  return opener(openStore, async (server) => {
    const listening = await serve(server, {})
    return { client: clientOf(listening.origin), close: () => listening.close() }
  })
}

type Connect = (server: UploadServer) => Promise<{
  readonly client: Client
  close(): Promise<void>
}>

function opener(openStore: OpenStore, connect: Connect): OpenHost {
  return async (options = {}) => {
    const opened = await openStore()
    const { server, events } = startServer({
      ...(opened.locker && { locker: opened.locker() }),
      ...options,
      store: opened.store,
    })
    const { client, close } = await connect(server)
    return {
      ...client,
      server,
      events,
      async close() {
        await server.close()
        await close()
        await opened.dispose?.()
      },
    }
  }
}
