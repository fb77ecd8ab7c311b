import type { ComponentChildren, JSX } from 'preact'
import { useState } from 'preact/hooks'
import { explain } from '../api/errors.ts'
import { Dialog } from './dialog.tsx'

/** Asks before something that cannot be undone, does it, and closes. */
export function Confirm(props: {
  readonly title: string
  readonly action: string
  /** The text of the button that does nothing. */
  readonly dismiss?: string
  readonly onClose: () => void
  readonly onConfirm: () => Promise<void>
  readonly children: ComponentChildren
}): JSX.Element {
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  async function confirm(): Promise<void> {
    setBusy(true)
    try {
      await props.onConfirm()
      props.onClose()
    } catch (error) {
      setProblem(explain(error))
      setBusy(false)
    }
  }

  return (
    <Dialog title={props.title} onClose={props.onClose}>
      {props.children}
      <p class="problem" role="alert">
        {problem}
      </p>
      <div class="buttons">
        <button type="button" class="button" onClick={props.onClose} autofocus>
          {props.dismiss ?? 'Cancel'}
        </button>
        <button type="button" class="button danger" disabled={busy} onClick={() => void confirm()}>
          {props.action}
        </button>
      </div>
    </Dialog>
  )
}
