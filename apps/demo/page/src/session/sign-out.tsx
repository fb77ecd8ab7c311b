import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { explain } from '../api/errors.ts'
import { Confirm } from '../ui/confirm.tsx'
import { count } from '../ui/format.ts'
import { clearErrors, reportError } from '../ui/messages.ts'
import { finishCancellations } from '../uploads/cancel.ts'
import { unfinished } from '../uploads/rows.ts'
import { signOut } from './session.ts'

const TOPIC = 'sign-out'

/** Signs out. Asks first when that stops uploads. */
export function SignOut(): JSX.Element {
  const [asking, setAsking] = useState(false)
  const number = unfinished.value.length

  async function leave(): Promise<void> {
    clearErrors(TOPIC)
    // The server takes a DELETE only from a user who is signed in.
    await finishCancellations()
    await signOut()
  }

  return (
    <>
      <button
        type="button"
        class="button quiet"
        onClick={() => {
          if (number > 0) setAsking(true)
          else leave().catch((error: unknown) => reportError(explain(error), TOPIC))
        }}
      >
        Sign out
      </button>
      {asking ? (
        <Confirm
          title="Sign out?"
          action="Sign out"
          onClose={() => setAsking(false)}
          onConfirm={leave}
        >
          <p>
            {count(number, 'upload')} will stop. To resume, sign in again and select the same{' '}
            {number === 1 ? 'file' : 'files'}.
          </p>
        </Confirm>
      ) : null}
    </>
  )
}
