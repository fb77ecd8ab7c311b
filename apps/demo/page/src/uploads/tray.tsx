import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { Confirm } from '../ui/confirm.tsx'
import { Icon } from '../ui/icon.tsx'
import { useKeptFocus } from '../ui/kept-focus.ts'
import { Progress } from '../ui/progress.tsx'
import { pauseAll, resumeAll } from './actions.ts'
import { cancelAll, clearCompleted } from './ending.ts'
import type { Row } from './rows.ts'
import { isUnfinished, rows } from './rows.ts'
import { mostUrgent, summary } from './summary.ts'
import { TrayRow } from './tray-row.tsx'

/** The uploads of this page: how far they are, and what can be done with them. */
export function Tray(): JSX.Element | null {
  useKeptFocus()
  const [folded, setFolded] = useState(false)
  const [asking, setAsking] = useState(false)
  const all = rows.value
  if (all.length === 0) return null
  const sum = summary(all)
  const shown = mostUrgent(all)
  return (
    <section class={`tray ${folded ? 'folded' : ''}`} aria-label="Uploads of this page">
      <header>
        <div class="tray-title">
          <h2>{sum.title}</h2>
          <p>{sum.detail}</p>
        </div>
        <button
          type="button"
          class="icon-button fold"
          aria-expanded={!folded}
          aria-label={folded ? 'Show the uploads' : 'Fold the uploads away'}
          onClick={() => setFolded(!folded)}
        >
          <Icon name="down" />
        </button>
      </header>
      {sum.over ? null : (
        <Progress label="All uploads" part={sum.sent} whole={sum.length} state={sum.state} />
      )}
      {folded ? null : (
        <>
          <ul>
            {shown.map((row) => (
              <TrayRow key={row.id} row={row} />
            ))}
            {shown.length < all.length ? (
              <li class="tray-more">and {all.length - shown.length} more</li>
            ) : null}
          </ul>
          <AllButtons all={all} onCancelAll={() => setAsking(true)} />
        </>
      )}
      {asking ? (
        <Confirm
          title="Cancel all uploads?"
          action="Cancel all"
          onClose={() => setAsking(false)}
          onConfirm={() => Promise.resolve(cancelAll())}
        >
          <p>What has been sent of them is thrown away. Files that are complete stay.</p>
        </Confirm>
      ) : null}
    </section>
  )
}

function AllButtons({
  all,
  onCancelAll,
}: {
  readonly all: readonly Row[]
  readonly onCancelAll: () => void
}): JSX.Element {
  const has = (...states: Row['state'][]): boolean =>
    all.some(({ state }) => states.includes(state))
  return (
    <footer>
      {has('uploading', 'waiting', 'trying') ? (
        <button type="button" class="button small" onClick={pauseAll}>
          <Icon name="pause" />
          Pause all
        </button>
      ) : null}
      {has('paused') ? (
        <button type="button" class="button small" onClick={resumeAll}>
          <Icon name="play" />
          Resume all
        </button>
      ) : null}
      {has('completed') ? (
        <button type="button" class="button small" onClick={clearCompleted}>
          <Icon name="check" />
          Clear completed
        </button>
      ) : null}
      {all.some(isUnfinished) ? (
        <button type="button" class="button small" onClick={onCancelAll}>
          <Icon name="close" />
          Cancel all
        </button>
      ) : null}
      {has('failed') && !all.some(isUnfinished) ? (
        <button type="button" class="button small" onClick={cancelAll}>
          <Icon name="close" />
          Clear failed
        </button>
      ) : null}
    </footer>
  )
}
