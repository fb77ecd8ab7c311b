import type { OpenHost } from '../client/hosts.ts'
import type { Extension, ObservedRule } from './conversation.ts'
import { extensionsOf, startSession } from './client-session.ts'

/**
 * Runs one conversation with a host of its own. Throws when the rule is broken. Returns the extension
 * that the conversation needs and the server does not offer, or null when the server obeys the rule.
 */
export async function runRule(rule: ObservedRule, openHost: OpenHost): Promise<Extension | null> {
  const host = await openHost(rule.options)
  try {
    const talk = startSession(host)
    if (rule.needs !== undefined && !(await extensionsOf(talk)).includes(rule.needs)) {
      return rule.needs
    }
    await rule.run(talk)
    return null
  } finally {
    await host.close()
  }
}
