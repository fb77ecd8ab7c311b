import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { Icon } from './icon.tsx'

/** The properties of a dialog. */
export interface DialogProps {
  readonly title: string
  readonly onClose: () => void
  readonly class?: string
  /** The user cannot close it without answering. */
  readonly insistent?: boolean
  readonly children: ComponentChildren
}

/** A modal dialog. The browser keeps the focus inside, and returns it when the dialog closes. */
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
        // A click on the backdrop has the dialog as its target; other clicks have one of its children.
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
