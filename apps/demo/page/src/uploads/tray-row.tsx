import type { JSX } from 'preact'
import { folderHref, pathOf } from '../route/address.ts'
import { titleOf } from '../tree/titles.ts'
import { FileName } from '../ui/file-name.tsx'
import type { IconName } from '../ui/icon.tsx'
import { Icon } from '../ui/icon.tsx'
import { Progress } from '../ui/progress.tsx'
import { pause, resume, retry } from './actions.ts'
import { cancel, dismissRow } from './cancel.ts'
import { rowText } from './row-text.ts'
import type { Row } from './rows.ts'
import { rows } from './rows.ts'

/** One upload of this page. */
export function TrayRow({ row }: { readonly row: Row }): JSX.Element {
  const { name, state, isStalled } = row
  return (
    <li class={`tray-row ${state} ${isStalled ? 'stalled' : ''}`} data-state={state}>
      <div class="tray-text">
        <p class="tray-head">
          <span class="tray-name" title={name}>
            <FileName name={name} />
          </span>{' '}
          <FolderLink path={pathOf(row.folderPath)} />
        </p>
        <p class="tray-detail">{rowText(row)}</p>
        {state === 'completed' || state === 'failed' ? null : (
          <Progress label={name} part={row.sent} whole={Math.max(row.length, 1)} state={state} />
        )}
      </div>
      <div class="tray-actions">
        <Buttons row={row} />
      </div>
    </li>
  )
}

function FolderLink({ path }: { readonly path: readonly string[] }): JSX.Element {
  const title = titleOf(path)
  return (
    <a class="tray-folder" href={folderHref(path)} title={`Open “${title}”`}>
      → {title}
    </a>
  )
}

function Buttons({ row }: { readonly row: Row }): JSX.Element {
  const { name, state } = row
  const cancelButton = (
    <Action icon="close" label={`Cancel ${name}`} onClick={() => remove(row, cancel)} />
  )
  // A failed upload of which the server has a part can be resumed, so its removal can be undone.
  const dismiss = row.uploadUrl === null || state === 'completed' ? dismissRow : cancel
  const dismissButton = (
    <Action icon="close" label={`Dismiss ${name}`} onClick={() => remove(row, dismiss)} />
  )
  switch (state) {
    case 'queued':
    case 'uploading':
    case 'retrying':
      return (
        <>
          <Action icon="pause" label={`Pause ${name}`} onClick={() => pause(row)} />
          {cancelButton}
        </>
      )
    case 'paused':
      return (
        <>
          <Action icon="play" label={`Resume ${name}`} onClick={() => resume(row)} />
          {cancelButton}
        </>
      )
    case 'failed':
      return (
        <>
          {row.canRetry ? (
            <Action icon="retry" label={`Retry ${name}`} onClick={() => retry(row)} />
          ) : null}
          {dismissButton}
        </>
      )
    case 'preparing':
    case 'signed_out':
      return cancelButton
    case 'completed':
      return (
        <>
          {row.location === null ? null : (
            <a
              class="icon-button"
              href={row.location}
              download=""
              aria-label={`Download ${name}`}
              title={`Download ${name}`}
            >
              <Icon name="download" />
            </a>
          )}
          {dismissButton}
        </>
      )
  }
}

/** Removes a row. Its button goes as well, so the focus moves to an element that stays. */
function remove(row: Row, action: (row: Row) => void): void {
  const stays = rows.peek().length > 1 ? '.tray .collapse' : '#main'
  document.querySelector<HTMLElement>(stays)?.focus()
  action(row)
}

function Action(props: {
  readonly icon: IconName
  readonly label: string
  readonly onClick: () => void
}): JSX.Element {
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={props.label}
      title={props.label}
      onClick={props.onClick}
    >
      <Icon name={props.icon} />
    </button>
  )
}
