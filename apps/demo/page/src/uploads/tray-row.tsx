import type { JSX } from 'preact'
import { bytes, percent, timeLeft } from '../ui/format.ts'
import type { IconName } from '../ui/icon.tsx'
import { Icon } from '../ui/icon.tsx'
import { Progress } from '../ui/progress.tsx'
import { pause, resume, retry } from './actions.ts'
import { cancel } from './ending.ts'
import type { Row, RowState } from './rows.ts'
import { rows } from './rows.ts'

/** One upload of this page. */
export function TrayRow({ row }: { readonly row: Row }): JSX.Element {
  const { name, state } = row
  return (
    <li class={`tray-row ${state}`} data-state={state}>
      <div class="tray-text">
        <p class="tray-name" title={name}>
          {name}
        </p>
        <p class="tray-detail">{detail(row)}</p>
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

function Buttons({ row }: { readonly row: Row }): JSX.Element {
  const { name, state } = row
  const end = <Action icon="close" label={`Cancel ${name}`} onClick={() => takeAway(row)} />
  switch (state) {
    case 'waiting':
    case 'uploading':
    case 'trying':
      return (
        <>
          <Action icon="pause" label={`Pause ${name}`} onClick={() => pause(row)} />
          {end}
        </>
      )
    case 'paused':
      return (
        <>
          <Action icon="play" label={`Resume ${name}`} onClick={() => resume(row)} />
          {end}
        </>
      )
    case 'failed':
      return (
        <>
          <Action icon="retry" label={`Try ${name} again`} onClick={() => retry(row)} />
          {end}
        </>
      )
    case 'preparing':
    case 'signed_out':
      return end
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
          <Action icon="close" label={`Take ${name} off the list`} onClick={() => takeAway(row)} />
        </>
      )
  }
}

/** The button goes away with its row, so the focus goes to what stays. */
function takeAway(row: Row): void {
  const stays = rows.peek().length > 1 ? '.tray .fold' : '#main'
  document.querySelector<HTMLElement>(stays)?.focus()
  cancel(row)
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

const WORDS: Readonly<Record<RowState, string>> = {
  preparing: 'Getting ready',
  waiting: 'Waiting for its turn',
  uploading: 'Starting',
  trying: 'Interrupted, goes on by itself',
  paused: 'Paused',
  signed_out: 'Goes on when you sign in again',
  failed: 'Failed',
  completed: 'Complete',
}

function detail({ state, sent, length, speed, problem, replaces }: Row): string {
  if (state === 'failed') return problem ?? WORDS.failed
  if (state === 'completed')
    return `${replaces === null ? 'Complete' : `Replaced ${replaces}`} · ${bytes(length)}`
  const amount = sent === 0 ? bytes(length) : `${percent(sent, length)} % of ${bytes(length)}`
  if (state !== 'uploading' || sent === 0) return `${WORDS[state]} · ${amount}`
  if (sent >= length) return `${amount} · finishing`
  if (speed <= 0) return amount
  return `${amount} · ${bytes(speed)}/s · ${timeLeft((length - sent) / speed)} left`
}
