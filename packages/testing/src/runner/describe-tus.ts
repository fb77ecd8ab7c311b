import { afterAll, describe, it } from 'vitest'
import type { OpenHost } from '../client/hosts.ts'
import type { Extension, ObservedRule } from './conversation.ts'
import { runRule } from './run-rule.ts'
import type { ChapterName } from '../spec/specification.ts'
import { specification } from '../spec/specification.ts'

/** What to test of a server, and which rules it is known not to obey. */
export interface TusOptions {
  /** The chapters to test, by the names of their files. All by default. */
  readonly chapters?: readonly ChapterName[]
  /** Why an extension is not offered. One that is neither announced nor excused fails its tests. */
  readonly missing?: Readonly<Partial<Record<Extension, string>>>
  /** Why this host cannot obey a rule, by the id of the rule. The rule is skipped and the reason printed. */
  readonly skip?: Readonly<Record<string, string>>
}

/**
 * One test for each sentence of tus 1.0 that a client can observe, and for each case that the text
 * leaves open. Each test has a host of its own.
 */
export function describeTus(
  name: string,
  openHost: OpenHost,
  { chapters, missing = {}, skip: unkept = {} }: TusOptions = {},
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

    for (const part of specification) {
      const wanted = part.chapters.filter(
        ({ name }) => chapters === undefined || chapters.some((chapter) => chapter === name),
      )
      const rules = wanted
        .flatMap(({ conversations }) => conversations)
        .filter((rule) => rule.run !== null)
      if (rules.length === 0) continue
      describe(part.title, () => {
        for (const rule of rules) {
          it(`${rule.id}: ${rule.sentence}`, ({ skip }) => converse(rule, skip))
        }
      })
    }

    afterAll(() => {
      for (const [note, count] of skipped) console.info(`${name}: ${count} skipped, ${note}`)
    })
  })
}
