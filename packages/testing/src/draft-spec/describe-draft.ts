import { afterAll, describe, it } from 'vitest'
import type { OpenHost } from '../client/hosts.ts'
import type { Conversation, ObservedRule } from '../runner/conversation.ts'
import { rulesTable } from '../runner/protocol-table.ts'
import { appending } from './append.ts'
import { cancellation } from './cancellation.ts'
import { creation } from './creation.ts'
import { digests } from './digests.ts'
import type { DraftSession } from './draft-session.ts'
import { startDraftSession } from './draft-session.ts'
import { interim } from './interim.ts'
import { limits } from './limits.ts'
import { retrieval } from './retrieval.ts'
import { security } from './security.ts'
import { state } from './state.ts'
import { versions } from './versions.ts'

/** What a host may be unable to do. */
export type DraftNeed = 'interim'

/** A rule of the draft. */
export type DraftRule = Conversation<DraftSession, DraftNeed>

const PARTS: readonly { readonly title: string; readonly rules: readonly DraftRule[] }[] = [
  { title: 'State', rules: state },
  { title: 'Limits', rules: limits },
  { title: 'Upload creation', rules: creation },
  { title: 'Offset retrieval', rules: retrieval },
  { title: 'Upload append', rules: appending },
  { title: 'Cancellation and concurrency', rules: cancellation },
  { title: 'Interim responses', rules: interim },
  { title: 'Integrity digests', rules: digests },
  { title: 'Security', rules: security },
  { title: 'Older versions', rules: versions },
]

/** The known limits of a host. */
export interface DraftOptions {
  /** Why the host cannot send 104 responses. The rules about them are skipped. */
  readonly noInterim?: string
  /** Why the host cannot obey a rule, by the id of the rule. The rule is skipped. */
  readonly skip?: Readonly<Record<string, string>>
  /** `host` leaves out the rules whose result is the same over every host. All rules by default. */
  readonly rules?: 'all' | 'host'
}

/** One test for each sentence of the IETF draft that a client can observe. Every test has its own host. */
export function describeDraft(
  name: string,
  openHost: OpenHost,
  { noInterim, skip: skipped = {}, rules: wanted = 'all' }: DraftOptions = {},
): void {
  describe(`Resumable Uploads for HTTP: ${name}`, () => {
    const unkept = new Set<string>()
    for (const { title, rules } of PARTS) {
      const chosen = rules.filter(
        (rule): rule is ObservedRule<DraftSession, DraftNeed> =>
          rule.run !== null && (wanted === 'all' || rule.dependsOnHost === true),
      )
      if (chosen.length === 0) continue
      // Rules about progress wait for more than a second each.
      describe(title, { concurrent: rules === interim }, () => {
        for (const rule of chosen) {
          it(`${rule.id}: ${rule.sentence}`, ({ skip }) => {
            const reason = skipped[rule.id] ?? (rule.needs === 'interim' ? noInterim : undefined)
            if (reason !== undefined) {
              unkept.add(`${rule.id}: ${reason}`)
              skip(reason)
            }
            return runDraftRule(rule, openHost)
          })
        }
      })
    }
    afterAll(() => {
      for (const note of unkept) console.info(`${name}: skipped ${note}`)
    })
  })
}

/** Runs every conversation of the draft and returns the results as a page in Markdown. */
export function draftTable(openHost: OpenHost): Promise<string> {
  return rulesTable<DraftSession, DraftNeed>({
    introduction: INTRODUCTION,
    parts: PARTS,
    async run(rule) {
      await runDraftRule(rule, openHost)
      return null
    },
  })
}

async function runDraftRule(
  rule: ObservedRule<DraftSession, DraftNeed>,
  openHost: OpenHost,
): Promise<void> {
  const host = await openHost(rule.options)
  try {
    await rule.run(startDraftSession(host))
  } finally {
    await host.close()
  }
}

const INTRODUCTION = `# Resumable Uploads for HTTP, sentence by sentence

<!-- Made by \`npm run docs:tables\` from packages/testing/src/draft-spec. A test compares it. -->

Every sentence of the [IETF draft](https://datatracker.ietf.org/doc/draft-ietf-httpbis-resumable-upload/)
that says what a server must or should do, the test that shows it, and what Tusker does where the text
leaves a choice. The text is the one after version 11, with interop version 8. How Tusker reads it, and
which clients were tried, is in [resumable-uploads-for-http.md](resumable-uploads-for-http.md). To test
another server, use \`describeDraft\` of \`@tusker/testing\`.

A sentence has no test if it is a rule for clients alone, or if a client cannot observe it.`
