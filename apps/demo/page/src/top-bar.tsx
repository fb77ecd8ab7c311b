import type { JSX } from 'preact'
import { liveUploads } from './live/live.ts'
import { folderHref, LIVE_HREF } from './route/address.ts'
import { route } from './route/route.ts'
import { SignOut } from './session/sign-out.tsx'
import { Icon } from './ui/icon.tsx'
import { Logo } from './ui/logo.tsx'

/** The navigation, the user's name, and the button to sign out. */
export function TopBar({ name }: { readonly name: string }): JSX.Element {
  const { view } = route.value
  const count = liveUploads.value.length
  return (
    <header class="top-bar">
      <Logo />
      <nav aria-label="Main">
        <a href={folderHref([])} aria-current={view === 'folder' ? 'page' : undefined}>
          Files
        </a>
        <a href={LIVE_HREF} aria-current={view === 'live' ? 'page' : undefined}>
          Uploads
          {count > 0 ? (
            <span class="badge">
              {count}
              <span class="unseen"> unfinished</span>
            </span>
          ) : null}
        </a>
      </nav>
      <div class="account">
        <Icon name="user" />
        <span class="account-name">{name}</span>
        <SignOut />
      </div>
    </header>
  )
}
