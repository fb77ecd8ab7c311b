import type { JSX } from 'preact'
import { openChooser } from '../uploads/chooser.ts'
import { Icon } from '../ui/icon.tsx'

/** What stands in a folder that has nothing in it. */
export function EmptyFolder({ mayAdd }: { readonly mayAdd: boolean }): JSX.Element {
  return (
    <div class="empty">
      <Icon name="folder" />
      <h2>Nothing here yet</h2>
      {mayAdd ? (
        <>
          <p>
            Drop files or folders anywhere on this page. Large ones, too: an upload that is
            interrupted goes on where it was.
          </p>
          <button type="button" class="button" onClick={() => void openChooser()}>
            <Icon name="upload" />
            Choose files
          </button>
        </>
      ) : (
        <p>You may look into this folder, but not add to it.</p>
      )}
    </div>
  )
}
