import type { UploadStore } from '@tusker/core'
import type { ClientSession } from '../runner/client-session.ts'
import { startSession } from '../runner/client-session.ts'
import type { OpenStore } from '../client/open-store.ts'
import type { HostOptions } from '../client/test-host.ts'
import { memoryClient, testHost } from '../client/test-host.ts'

/** A store, and servers over it that a test starts and stops. */
export interface Stage {
  readonly store: UploadStore
  /** Starts a server, over the store of the test unless another store is given. */
  serve(options?: HostOptions & { readonly store?: UploadStore }): ClientSession
  /** A session with a second server when the store can be shared, otherwise the same session. */
  elsewhere(talk: ClientSession, options?: HostOptions): ClientSession
}

/** Turns a scenario into the body of a test with a store of its own. */
export type Staged = (scene: (stage: Stage) => Promise<void>) => () => Promise<void>

/** Opens a new store for each scenario, and disposes of it afterwards. */
export function stagesOver(openStore: OpenStore): Staged {
  return (scene) => async () => {
    const opened = await openStore()
    const talks: ClientSession[] = []
    function serve(options: HostOptions & { readonly store?: UploadStore } = {}): ClientSession {
      const locker = opened.locker === undefined ? {} : { locker: opened.locker() }
      const talk = startSession(testHost({ store: opened.store, ...locker, ...options }))
      talks.push(talk)
      return talk
    }
    try {
      const elsewhere: Stage['elsewhere'] = (talk, options) =>
        opened.locker === undefined ? talk : serve(options)
      await scene({ store: opened.store, serve, elsewhere })
    } finally {
      await Promise.all(talks.map(({ server }) => server.close()))
      await opened.dispose?.()
    }
  }
}

/** The same session as another user: hooks get `{ user }` as their context. */
export function as(user: string | null, talk: ClientSession): ClientSession {
  return startSession({ ...talk, ...memoryClient(talk.server, { user }) })
}

/** The user that `as` put into the context. */
export function userOf(context: unknown): string | null {
  return (context as { readonly user?: string | null } | null)?.user ?? null
}

/** The same store with some operations replaced. */
export function storeBut(store: UploadStore, changes: Partial<UploadStore>): UploadStore {
  return Object.assign(Object.create(store) as UploadStore, changes)
}

/** Measures how many milliseconds `work` takes. */
export async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** The id in the path of an upload. */
export function idOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
