import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { Confirm } from '../ui/confirm.tsx'
import { Icon } from '../ui/icon.tsx'
import { useKeptFocus } from '../ui/kept-focus.ts'
import { Progress } from '../ui/progress.tsx'
import { cancelAll } from './cancel.ts'
import { CompletedRows } from './completed-rows.tsx'
import { rows } from './rows.ts'
import { summary } from './summary.ts'
import { TrayMenu } from './tray-menu.tsx'
import { trayOrder } from './tray-order.ts'
import { TrayRow } from './tray-row.tsx'
import { closeTray, dismissLater, isTrayClosed } from './tray-visibility.ts'

/** The uploads of this page: their progress, and buttons to pause, resume and cancel them. */
export function Tray(): JSX.Element | null {
  useKeptFocus()
  const [isCollapsed, setCollapsed] = useState(false)
  const [isAsking, setAsking] = useState(false)
  const [isHeld, setHeld] = useState(false)
  const all = rows.value
  useEffect(() => (isHeld ? undefined : dismissLater()), [all, isHeld])
  if (all.length === 0 || isTrayClosed.value) return null
  const sum = summary(all)
  const { shown, more, completed } = trayOrder(all)
  return (
    <section
      class={`tray ${isCollapsed ? 'collapsed' : ''}`}
      aria-label="Uploads"
      onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)}
      onFocusIn={(event) =>
        setHeld(event.target instanceof Element && event.target.matches(':focus-visible'))
      }
      onFocusOut={() => setHeld(false)}
    >
      <header>
        <div class="tray-title">
          <h2>{sum.title}</h2>
          <p>{sum.detail}</p>
        </div>
        <TrayMenu all={all} onCancelAll={() => setAsking(true)} />
        <button
          type="button"
          class="icon-button collapse"
          aria-expanded={!isCollapsed}
          aria-label={isCollapsed ? 'Expand' : 'Collapse'}
          title={isCollapsed ? 'Expand' : 'Collapse'}
          onClick={() => setCollapsed(!isCollapsed)}
        >
          <Icon name="down" />
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label="Close"
          title="Close"
          onClick={() => {
            document.getElementById('main')?.focus()
            closeTray()
          }}
        >
          <Icon name="close" />
        </button>
      </header>
      {sum.over ? null : (
        <Progress label="All uploads" part={sum.sent} whole={sum.length} state={sum.state} />
      )}
      {isCollapsed ? null : (
        <div class="tray-lists">
          {shown.length === 0 ? null : (
            <ul>
              {shown.map((row) => (
                <TrayRow key={row.id} row={row} />
              ))}
              {more > 0 ? <li class="tray-more">and {more} more</li> : null}
            </ul>
          )}
          <CompletedRows completed={completed} isAlone={shown.length === 0} />
        </div>
      )}
      {isAsking ? (
        <Confirm
          title="Cancel all uploads?"
          action="Cancel all"
          dismiss="Keep uploading"
          onClose={() => setAsking(false)}
          onConfirm={() => Promise.resolve(cancelAll())}
        >
          <p>The data uploaded so far will be deleted. Completed files stay.</p>
        </Confirm>
      ) : null}
    </section>
  )
}
