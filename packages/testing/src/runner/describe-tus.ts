import { afterAll, describe, it } from 'vitest'
import type { OpenHost } from '../client/hosts.ts'
import type { Extension, ObservedRule } from './conversation.ts'
import { runRule } from './run-rule.ts'
import { beyondTheText, specification } from '../spec/specification.ts'

/** What a server under test is known not to do. */
export interface TusOptions {
  /** Why an extension is not offered. One that is neither announced nor excused fails its tests. */
  readonly missing?: Readonly<Partial<Record<Extension, string>>>
  /** Why a rule, named by its id, cannot be kept on this host. It is skipped and the reason printed. */
  readonly skip?: Readonly<Record<string, string>>
}

/**
 * One test for each sentence of tus 1.0 that shows in what a server does, and for each edge that the
 * text leaves open. Every test has a host of its own.
 */
export function describeTus(
  name: string,
  openHost: OpenHost,
  { missing = {}, skip: unkept = {} }: TusOptions = {},
): void {
  describe(`tus 1.0: ${name}`, () => {
    const skipped = new Map<string, number>()

    async function converse(rule: ObservedRule, skip: (note: string) => void): Promise<void> {
      const unkeptFor = unkept[rule.id]
      if (unkeptFor !== undefined) {
        const note = `${rule.id}: ${unkeptFor}`
        skipped.set(note, 1)
        skip(note)
        return
      }
      const needed = await runRule(rule, openHost)
      if (needed === null) return
      const reason = missing[needed]
      if (reason === undefined) {
        throw new Error(`${needed} is not announced; if it is meant to be missing, say why`)
      }
      const note = `${needed} is not offered: ${reason}`
      skipped.set(note, (skipped.get(note) ?? 0) + 1)
      skip(note)
    }

    for (const { title, conversations } of [...specification, beyondTheText]) {
      describe(title, () => {
        for (const rule of conversations) {
          if (rule.run === null) continue
          it(`${rule.id}: ${rule.sentence}`, ({ skip }) => converse(rule, skip))
        }
      })
    }

    afterAll(() => {
      for (const [note, count] of skipped) console.info(`${name}: ${count} skipped, ${note}`)
    })
  })
}
