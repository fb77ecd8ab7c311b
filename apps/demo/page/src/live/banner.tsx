import type { JSX } from 'preact'
import { unfinished } from '../uploads/rows.ts'
import { Icon } from '../ui/icon.tsx'
import { count } from '../ui/format.ts'
import { LIVE_HREF } from '../route/address.ts'
import { route } from '../route/route.ts'
import { disconnected } from './connection.ts'
import { leftBehind } from './left-behind.ts'

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

/** Says that uploads of an earlier visit can go on. */
export function LeftBehindBanner(): JSX.Element {
  const number = leftBehind.value.length
  return (
    <div role="status">
      {number > 0 && !disconnected.value && route.value.view === 'folder' ? (
        <p class="banner quiet">
          <span>
            {count(number, 'upload')} of yours {number === 1 ? 'is' : 'are'} unfinished.{' '}
            <a href={LIVE_HREF}>Choose the {number === 1 ? 'file' : 'files'} again to go on</a>
          </span>
        </p>
      ) : null}
    </div>
  )
}
