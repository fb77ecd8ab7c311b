import type { ComponentChildren, JSX } from 'preact'
import type { Folder } from '../api/types.ts'
import { Icon } from '../ui/icon.tsx'
import { dropTarget } from './drop-target.ts'
import { useDrop } from './use-drop.ts'

/**
 * The page of a folder, which takes dropped files. It has an outline only while they would go to the
 * open folder; over the row of another folder, the row has it.
 */
export function DropZone(props: {
  readonly folder: Folder | null
  readonly path: readonly string[]
  readonly children: ComponentChildren
}): JSX.Element {
  useDrop(props.folder, props.path)
  const target = dropTarget.value
  const isOpenFolder = target !== null && target.id === null
  return (
    <div class={`drop-zone ${isOpenFolder ? 'dropping' : ''}`}>
      {props.children}
      {target === null ? null : (
        <p class="drop-hint">
          <Icon name={target.mayAdd ? 'upload' : 'warning'} />
          {target.mayAdd
            ? `Drop to upload to “${target.name}”`
            : 'You cannot upload to this folder'}
        </p>
      )}
    </div>
  )
}
