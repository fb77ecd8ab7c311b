import { effect } from '@preact/signals'
import { session } from '../session/session.ts'
import { retry } from './actions.ts'
import { rows } from './rows.ts'

/** Goes on with what stopped because nobody was signed in. */
export function resumeAfterSignIn(): void {
  effect(() => {
    if (session.value.kind !== 'in') return
    rows
      .peek()
      .filter(({ state }) => state === 'signed_out')
      .forEach(retry)
  })
}
