import type { JSX } from 'preact'
import { LIVE_HREF } from '../route/address.ts'
import { route } from '../route/route.ts'
import { count } from '../ui/format.ts'
import { Icon } from '../ui/icon.tsx'
import { unfinished } from '../uploads/rows.ts'
import { disconnected } from './connection.ts'
import { stalledUploads } from './stalled.ts'

/** Says that the connection is lost, and that the user need not do anything. */
export function ConnectionBanner(): JSX.Element {
  const isSending = unfinished.value.length > 0
  return (
    <div role="status">
      {disconnected.value ? (
        <p class="banner">
          <Icon name="offline" />
          {isSending
            ? "You're offline. Uploads will resume automatically."
            : "You're offline. The page will reconnect automatically."}
        </p>
      ) : null}
    </div>
  )
}

/** Says that uploads of an earlier visit can be resumed. */
export function UnfinishedBanner(): JSX.Element {
  const number = stalledUploads.value.length
  return (
    <div role="status">
      {number > 0 && !disconnected.value && route.value.view === 'folder' ? (
        <p class="banner quiet">
          <span>
            You have {count(number, 'unfinished upload')}.{' '}
            <a href={LIVE_HREF}>Select the {number === 1 ? 'file' : 'files'} again to resume.</a>
          </span>
        </p>
      ) : null}
    </div>
  )
}
