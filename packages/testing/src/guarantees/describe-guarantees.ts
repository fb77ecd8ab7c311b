import { describe } from 'vitest'
import type { Dialect } from '../client/draft-dialect.ts'
import type { OpenStore } from '../client/open-store.ts'
import { access } from './access.ts'
import { completion } from './completion.ts'
import { digests } from './digests.ts'
import { events } from './events.ts'
import { expiry } from './expiry.ts'
import { leaving } from './shutdown.ts'
import { metadata } from './metadata.ts'
import { quotas } from './quotas.ts'
import type { Staged } from './guarantee-host.ts'
import { stagesOver } from './guarantee-host.ts'
import { trouble } from './store-failures.ts'
import { turns } from './contention.ts'

/** The name of one guarantee: that of its file in this folder. */
export type GuaranteeName =
  | 'access'
  | 'completion'
  | 'contention'
  | 'digests'
  | 'events'
  | 'expiry'
  | 'metadata'
  | 'quotas'
  | 'shutdown'
  | 'store-failures'

/**
 * What an upload server guarantees beyond its protocol, by the name of the file in this folder, with a
 * title for the list of tests.
 */
const GUARANTEES: Record<GuaranteeName, readonly [title: string, check: (staged: Staged) => void]> =
  {
    completion: ['a completed upload is a recorded fact', completion],
    digests: ['the digest of the whole upload is kept', digests],
    metadata: ['metadata fits its schema', metadata],
    access: ['each request needs permission', access],
    quotas: ['a user can have a limit of their own', quotas],
    contention: [
      'a resume takes over from a silent client, and a HEAD disturbs no transfer',
      turns,
    ],
    expiry: ['only abandoned uploads expire', expiry],
    shutdown: ['a server shuts down in order', leaving],
    'store-failures': ['an upload survives a store that fails for a while', trouble],
    events: ['events report what happens', events],
  }

/** Checks what an upload server guarantees beyond its protocol, over one kind of store. */
export function describeGuarantees(
  name: string,
  openStore: OpenStore,
  /** The guarantees to check. All by default. */
  only: readonly GuaranteeName[] = Object.keys(GUARANTEES) as GuaranteeName[],
  /** The protocol that the clients speak: tus 1.0 or the IETF draft. */
  dialect: Dialect = 'tus',
): void {
  const staged = stagesOver(openStore, dialect)
  const suffix = dialect === 'tus' ? '' : ', by the IETF draft'
  describe(`guarantees: ${name}${suffix}`, () => {
    for (const guarantee of only) {
      const [title, check] = GUARANTEES[guarantee]
      describe(title, () => check(staged))
    }
  })
}
