import { effect } from '@preact/signals'
import { session } from '../session/session.ts'
import { retry } from './actions.ts'
import { leaveAll } from './ending.ts'
import { rows } from './rows.ts'

/** Goes on with what stopped because nobody was signed in, if it is the same user that comes back. */
export function resumeAfterSignIn(): void {
  let owner: string | null = null
  effect(() => {
    const now = session.value
    if (now.kind !== 'in') return
    if (owner !== null && owner !== now.name) leaveAll()
    owner = now.name
    rows
      .peek()
      .filter(({ state }) => state === 'signed_out')
      .forEach(retry)
  })
}
