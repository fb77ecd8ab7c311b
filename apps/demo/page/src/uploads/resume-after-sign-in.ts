import { effect } from '@preact/signals'
import { onUserChange, session } from '../session/session.ts'
import { retry } from './actions.ts'
import { stopAll } from './cancel.ts'
import { rows } from './rows.ts'

/** Resumes the uploads of an expired session when the same user signs in again. */
export function resumeAfterSignIn(): void {
  onUserChange(stopAll)
  effect(() => {
    if (session.value.kind !== 'in') return
    rows
      .peek()
      .filter(({ state }) => state === 'signed_out')
      .forEach(retry)
  })
}
