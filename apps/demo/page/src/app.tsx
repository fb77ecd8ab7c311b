import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { ConnectionBanner, UnfinishedBanner } from './live/banner.tsx'
import { LivePage } from './live/live-page.tsx'
import { route } from './route/route.ts'
import { session } from './session/session.ts'
import { SignInAgain, SignInPage } from './session/sign-in-page.tsx'
import { FolderPage } from './tree/folder-page.tsx'
import { MessageList } from './ui/message-list.tsx'
import { TopBar } from './top-bar.tsx'
import { ConflictDialog } from './uploads/conflict-dialog.tsx'
import { Tray } from './uploads/tray.tsx'

/** The whole page. */
export function App(): JSX.Element | null {
  const now = session.value
  const before = useRef(now.kind)
  useEffect(() => {
    // The form had the focus, and is gone.
    if (before.current === 'out' && now.kind === 'in') focusHeading()
    before.current = now.kind
  }, [now.kind])
  switch (now.kind) {
    case 'unknown':
      return (
        <p class="starting" role="status">
          Connecting…
        </p>
      )
    case 'out':
      return (
        <>
          <SignInPage />
          <MessageList />
        </>
      )
    case 'in':
    case 'expired':
      return (
        <>
          <a class="skip" href="#main" onClick={skip}>
            Skip to content
          </a>
          <TopBar name={now.name} />
          <ConnectionBanner />
          <UnfinishedBanner />
          <main id="main" tabIndex={-1}>
            {route.value.view === 'live' ? <LivePage /> : <FolderPage />}
          </main>
          <Tray />
          <ConflictDialog />
          <MessageList />
          {now.kind === 'expired' ? <SignInAgain name={now.name} /> : null}
        </>
      )
  }
}

/** The fragment is the address of a folder, so the link cannot use it. */
function skip(event: Event): void {
  event.preventDefault()
  document.getElementById('main')?.focus()
}

function focusHeading(): void {
  document.querySelector<HTMLElement>('main h1')?.focus()
}
