import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { Icon } from './icon.tsx'

/** What a dialog needs. */
export interface DialogProps {
  readonly title: string
  readonly onClose: () => void
  readonly class?: string
  /** Cannot be closed without doing what it asks for. */
  readonly insistent?: boolean
  readonly children: ComponentChildren
}

/** A modal dialog. The browser keeps the focus in it, and gives it back afterwards. */
export function Dialog(props: DialogProps): JSX.Element {
  const { title, onClose, insistent = false, children } = props
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useEffect(() => {
    const element = dialog.current
    element?.showModal()
    return () => element?.close()
  }, [])
  return (
    <dialog
      ref={dialog}
      class={`dialog ${props.class ?? ''}`}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault()
        if (!insistent) onClose()
      }}
      onClick={(event) => {
        // Only the backdrop is the dialog itself; all else is in its children.
        if (event.target === dialog.current && !insistent) onClose()
      }}
    >
      <div class="dialog-body">
        <header>
          <h2 id={heading}>{title}</h2>
          {insistent ? null : (
            <button type="button" class="icon-button" aria-label="Close" onClick={onClose}>
              <Icon name="close" />
            </button>
          )}
        </header>
        {children}
      </div>
    </dialog>
  )
}
