import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { leaveAll } from '../uploads/ending.ts'
import { unfinished } from '../uploads/rows.ts'
import { explain } from '../api/errors.ts'
import { complain } from '../ui/messages.ts'
import { Confirm } from '../ui/confirm.tsx'
import { count } from '../ui/format.ts'
import { signOut } from './session.ts'

/** Signs out; asks first when that stops uploads. */
export function SignOut(): JSX.Element {
  const [asking, setAsking] = useState(false)
  const number = unfinished.value.length

  async function leave(): Promise<void> {
    await signOut()
    leaveAll()
  }

  return (
    <>
      <button
        type="button"
        class="button quiet"
        onClick={() => {
          if (number > 0) setAsking(true)
          else leave().catch((error: unknown) => complain(explain(error)))
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
            {count(number, 'upload')} will stop. What has been sent is kept for a while: sign in and
            choose the {number === 1 ? 'file' : 'files'} again to go on.
          </p>
        </Confirm>
      ) : null}
    </>
  )
}
