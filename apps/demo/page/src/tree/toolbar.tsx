import type { JSX } from 'preact'
import { openChooser } from '../uploads/chooser.ts'
import { Icon } from '../ui/icon.tsx'
import { view } from './view.ts'

/** The buttons for the open folder. */
export function Toolbar(props: {
  readonly mayAdd: boolean
  readonly onNewFolder: () => void
}): JSX.Element {
  const grid = view.value === 'grid'
  return (
    <div class="toolbar">
      <button
        type="button"
        class="icon-button"
        aria-label={grid ? 'Show as a list' : 'Show as a grid'}
        title={grid ? 'Show as a list' : 'Show as a grid'}
        onClick={() => (view.value = grid ? 'list' : 'grid')}
      >
        <Icon name={grid ? 'list' : 'grid'} />
      </button>
      {props.mayAdd ? (
        <>
          <button type="button" class="button" onClick={props.onNewFolder}>
            <Icon name="plus" />
            New folder
          </button>
          <button type="button" class="button primary" onClick={() => void openChooser()}>
            <Icon name="upload" />
            Upload
          </button>
        </>
      ) : null}
    </div>
  )
}
