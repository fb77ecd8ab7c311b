import { afterAll, describe, it } from 'vitest'
import type { OpenStore } from '../client/open-store.ts'
import { cutConnections } from './cut-connections.ts'
import { earlyAnswers } from './early-answers.ts'
import { load } from './load.ts'
import type { HostRule } from './rule.ts'
import type { Serve } from './host-under-test.ts'
import { stagesOn } from './host-under-test.ts'
import { time } from './time.ts'
import { wire } from './wire.ts'

/** What a host under test needs, and its known limits. */
export interface HostContractOptions {
  readonly openStore: OpenStore
  /** Rules that the host cannot keep, each with the reason. They are shown as skipped. */
  readonly skip?: readonly { readonly test: string; readonly reason: string }[]
}

const GROUPS: readonly (readonly [string, readonly HostRule[]])[] = [
  ['early answers', earlyAnswers],
  ['cut connections', cutConnections],
  ['time', time],
  ['the wire', wire],
  ['load', load],
]

/** The contract of an adapter and its host, tested on real connections. */
export function describeHost(name: string, serve: Serve, options: HostContractOptions): void {
  const onStage = stagesOn(serve, options.openStore)
  const skipped = new Map((options.skip ?? []).map(({ test, reason }) => [test, reason]))
  const titles = GROUPS.flatMap(([, rules]) => rules.map(({ title }) => title))
  for (const test of skipped.keys()) {
    if (!titles.includes(test)) throw new Error(`there is no rule "${test}" to skip`)
  }

  describe(`host: ${name}`, () => {
    for (const [group, rules] of GROUPS) {
      describe(group, () => {
        for (const { title, options: stage = {}, play } of rules) {
          const reason = skipped.get(title)
          it(title, { timeout: 60_000 }, async ({ skip }) => {
            if (reason !== undefined) return skip(reason)
            await onStage(stage, play)()
          })
        }
      })
    }
    afterAll(() => {
      for (const [test, reason] of skipped) console.info(`${name}: skipped "${test}": ${reason}`)
    })
  })
}
