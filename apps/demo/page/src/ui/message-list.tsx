import type { JSX } from 'preact'
import { Icon } from './icon.tsx'
import { alarm, dismiss, messages, whisper } from './messages.ts'

/** Shows what there is to tell, and says it to screen readers. */
export function MessageList(): JSX.Element {
  const shown = messages.value
  return (
    <div class="messages">
      <p role="status" class="unseen">
        {whisper}
      </p>
      <p role="alert" class="unseen">
        {alarm}
      </p>
      <div role="status">{shown.filter(({ kind }) => kind === 'note').map(toast)}</div>
      <div role="alert">{shown.filter(({ kind }) => kind === 'error').map(toast)}</div>
    </div>
  )
}

function toast({ key, kind, text }: (typeof messages.value)[number]): JSX.Element {
  return (
    <div class={`toast ${kind}`} key={key}>
      <Icon name={kind === 'error' ? 'warning' : 'check'} />
      <p>{text}</p>
      <button type="button" class="icon-button" aria-label="Dismiss" onClick={() => dismiss(key)}>
        <Icon name="close" />
      </button>
    </div>
  )
}
