import type { ComponentChildren, JSX } from 'preact'
import type { Folder } from '../api/types.ts'
import { Icon } from '../ui/icon.tsx'
import { useDrop } from './use-drop.ts'

/** The place of a folder, which shows that it takes what is dropped on the page. */
export function DropZone(props: {
  readonly folder: Folder | null
  readonly path: readonly string[]
  readonly children: ComponentChildren
}): JSX.Element {
  const over = useDrop(props.folder, props.path)
  return (
    <div class={`drop-zone ${over === null ? '' : 'dropping'}`}>
      {props.children}
      {over === null ? null : (
        <p class="drop-hint">
          <Icon name={over.mayAdd ? 'upload' : 'warning'} />
          {over.mayAdd ? `Drop to upload to “${over.name}”` : 'You may not add to this folder'}
        </p>
      )}
    </div>
  )
}
