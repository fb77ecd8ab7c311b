import type { JSX } from 'preact'
import { Icon } from './icon.tsx'
import type { Message } from './messages.ts'
import { alertText, dismiss, messages, statusText } from './messages.ts'

/** Shows messages, and has screen readers read them out. */
export function MessageList(): JSX.Element {
  const shown = messages.value
  return (
    <div class="messages">
      <p role="status" class="unseen">
        {statusText}
      </p>
      <p role="alert" class="unseen">
        {alertText}
      </p>
      <div role="status">{shown.filter(({ kind }) => kind === 'note').map(toast)}</div>
      <div role="alert">{shown.filter(({ kind }) => kind === 'error').map(toast)}</div>
    </div>
  )
}

function toast({ key, kind, text, action }: Message): JSX.Element {
  return (
    <div class={`toast ${kind}`} key={key}>
      <Icon name={kind === 'error' ? 'warning' : 'check'} />
      <p>{text}</p>
      {action === null ? null : (
        <button type="button" class="button small" onClick={action.run}>
          {action.text}
        </button>
      )}
      <button type="button" class="icon-button" aria-label="Dismiss" onClick={() => dismiss(key)}>
        <Icon name="close" />
      </button>
    </div>
  )
}
