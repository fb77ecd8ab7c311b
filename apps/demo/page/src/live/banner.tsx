import type { JSX } from 'preact'
import { unfinished } from '../uploads/rows.ts'
import { Icon } from '../ui/icon.tsx'
import { disconnected } from './connection.ts'

/** Says that the connection is lost, and that nothing needs to be done about it. */
export function ConnectionBanner(): JSX.Element {
  const sending = unfinished.value.length > 0
  return (
    <div role="status">
      {disconnected.value ? (
        <p class="banner">
          <Icon name="offline" />
          {sending
            ? 'Connection lost. Your uploads go on by themselves as soon as it is back.'
            : 'Connection lost. The page goes on by itself as soon as it is back.'}
        </p>
      ) : null}
    </div>
  )
}
