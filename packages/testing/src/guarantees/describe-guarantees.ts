import { describe } from 'vitest'
import type { OpenStore } from '../client/open-store.ts'
import { access } from './access.ts'
import { completion } from './completion.ts'
import { digests } from './digests.ts'
import { events } from './events.ts'
import { expiry } from './expiry.ts'
import { leaving } from './shutdown.ts'
import { metadata } from './metadata.ts'
import { stagesOver } from './guarantee-host.ts'
import { trouble } from './store-failures.ts'
import { turns } from './contention.ts'

/** What an upload server promises beyond its protocol, shown over one kind of store. */
export function describeGuarantees(name: string, openStore: OpenStore): void {
  const staged = stagesOver(openStore)
  describe(`promises: ${name}`, () => {
    describe('completion is a recorded fact', () => completion(staged))
    describe('the whole is digested', () => digests(staged))
    describe('metadata fits its schema', () => metadata(staged))
    describe('whoever may, may, each time', () => access(staged))
    describe('a resume never waits for a ghost, a look never kills', () => turns(staged))
    describe('expiry hits only the abandoned', () => expiry(staged))
    describe('leaving is orderly', () => leaving(staged))
    describe('trouble passes', () => trouble(staged))
    describe('it can be watched', () => events(staged))
  })
}
