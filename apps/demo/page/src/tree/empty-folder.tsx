import type { JSX } from 'preact'
import { openChooser } from '../uploads/chooser.ts'
import { Icon } from '../ui/icon.tsx'

/** The contents of an empty folder. */
export function EmptyFolder({ mayAdd }: { readonly mayAdd: boolean }): JSX.Element {
  return (
    <div class="empty">
      <Icon name="folder" />
      <h2>Nothing here yet</h2>
      {mayAdd ? (
        <>
          <p>Drop files here. Interrupted uploads resume where they stopped.</p>
          <button type="button" class="button" onClick={() => void openChooser()}>
            <Icon name="upload" />
            Choose files
          </button>
        </>
      ) : (
        <p>You can view this folder, but not upload to it.</p>
      )}
    </div>
  )
}
