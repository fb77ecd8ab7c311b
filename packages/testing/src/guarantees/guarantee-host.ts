import type { UploadStore } from '@tusker/core'
import type { ClientSession } from '../runner/client-session.ts'
import { startSession } from '../runner/client-session.ts'
import type { OpenStore } from '../client/open-store.ts'
import type { HostOptions } from '../client/test-host.ts'
import { memoryClient, testHost } from '../client/test-host.ts'

/** A store, and servers over it that may come and go. */
export interface Stage {
  readonly store: UploadStore
  /** Starts a server, over the stage's store unless another is given. */
  serve(options?: HostOptions & { readonly store?: UploadStore }): ClientSession
  /** A talk with another process, where several may share the store; else the same one. */
  elsewhere(talk: ClientSession, options?: HostOptions): ClientSession
}

/** Makes the body of a test of a scene that has a stage of its own. */
export type Staged = (scene: (stage: Stage) => Promise<void>) => () => Promise<void>

/** Opens a stage over a new store for every scene, and clears it away. */
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

/** The same conversation, led by somebody whom hooks see as `{ user }`. */
export function as(user: string | null, talk: ClientSession): ClientSession {
  return startSession({ ...talk, ...memoryClient(talk.server, { user }) })
}

/** What `as` put into the context. */
export function userOf(context: unknown): string | null {
  return (context as { readonly user?: string | null } | null)?.user ?? null
}

/** The same store, but for some operations. */
export function storeBut(store: UploadStore, changes: Partial<UploadStore>): UploadStore {
  return Object.assign(Object.create(store) as UploadStore, changes)
}

/** Milliseconds that `work` takes. */
export async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** The id in the path of an upload. */
export function idOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
