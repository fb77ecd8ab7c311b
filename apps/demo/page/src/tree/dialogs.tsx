import type { JSX } from 'preact'
import type { Folder, Item } from '../api/types.ts'
import { NewFolder } from './new-folder.tsx'
import { Preview } from './preview.tsx'
import { Delete } from './delete.tsx'

/** A dialog about the open folder. */
export type FolderDialog =
  | { readonly kind: 'new_folder' }
  | { readonly kind: 'delete'; readonly item: Item }
  | { readonly kind: 'preview'; readonly item: Item }

/** Shows the open dialog, if there is one. */
export function FolderDialogs(props: {
  readonly dialog: FolderDialog | null
  readonly folder: Folder | null
  readonly path: readonly string[]
  readonly open: (dialog: FolderDialog | null) => void
}): JSX.Element | null {
  const { dialog, folder, path, open } = props
  if (dialog === null || folder === null) return null
  const onClose = (): void => open(null)
  switch (dialog.kind) {
    case 'new_folder':
      return <NewFolder folder={folder} path={path} onClose={onClose} />
    case 'delete':
      return <Delete item={dialog.item} path={path} onClose={onClose} />
    case 'preview':
      return (
        <Preview
          item={dialog.item}
          onMove={(item) => open({ kind: 'preview', item })}
          folder={folder}
          onClose={onClose}
        />
      )
  }
}
