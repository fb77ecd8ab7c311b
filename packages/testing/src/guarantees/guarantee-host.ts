import type { UploadStore } from '@tusker/core'
import type { TestContext } from 'vitest'
import type { ClientSession } from '../runner/client-session.ts'
import { startSession } from '../runner/client-session.ts'
import type { OpenStore } from '../client/open-store.ts'
import type { Dialect, Translate } from '../client/draft-dialect.ts'
import { asDraft, asTus } from '../client/draft-dialect.ts'
import type { HostOptions } from '../client/test-host.ts'
import { memoryClient, testHost } from '../client/test-host.ts'

/** A session with a server under test, in the dialect of the test. */
export interface Talk extends ClientSession {
  /** Makes another client of the server speak the same dialect. */
  readonly translate: Translate
}

/** A store, and servers over it that a test starts and stops. */
export interface Stage {
  readonly store: UploadStore
  /** Starts a server, over the store of the test unless another store is given. */
  serve(options?: HostOptions & { readonly store?: UploadStore }): Talk
  /** A session with a second server when the store can be shared, otherwise the same session. */
  elsewhere(talk: Talk, options?: HostOptions): Talk
}

/**
 * Turns a scenario into the body of a test with a store of its own. `tusOnly` is why the scenario makes sense
 * for tus alone: other dialects skip it.
 */
export type Staged = (
  scene: (stage: Stage) => Promise<void>,
  tusOnly?: string,
) => (context: Pick<TestContext, 'skip'>) => Promise<void>

/** Opens a new store for each scenario, and disposes of it afterwards. */
export function stagesOver(openStore: OpenStore, dialect: Dialect = 'tus'): Staged {
  return (scene, tusOnly) => async (context) => {
    if (dialect !== 'tus' && tusOnly !== undefined) context.skip(tusOnly)
    const translate = dialect === 'tus' ? asTus : asDraft()
    const opened = await openStore()
    const talks: Talk[] = []
    function serve(options: HostOptions & { readonly store?: UploadStore } = {}): Talk {
      const locker = opened.locker === undefined ? {} : { locker: opened.locker() }
      const host = testHost({ store: opened.store, ...locker, ...options })
      const talk = { ...startSession({ ...host, ...translate(host) }), translate }
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
export function as(user: string | null, talk: Talk): Talk {
  const { translate } = talk
  const client = translate(memoryClient(talk.server, { user }))
  return { ...startSession({ ...talk, ...client }), translate }
}

/** The user that `as` put into the context. */
export function userOf(context: unknown): string | null {
  return (context as { readonly user?: string | null } | null)?.user ?? null
}

/** The same store with some operations replaced. */
export function storeBut(store: UploadStore, changes: Partial<UploadStore>): UploadStore {
  return Object.assign(Object.create(store) as UploadStore, changes)
}

/** The id in the path of an upload. */
export function idOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
