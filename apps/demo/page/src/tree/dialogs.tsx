import type { JSX } from 'preact'
import type { Folder, Item } from '../api/types.ts'
import { NewFolder } from './new-folder.tsx'
import { Preview } from './preview.tsx'
import { Remove } from './remove.tsx'

/** What the user is asked, or shown, about the open folder. */
export type Ask =
  | { readonly kind: 'new_folder' }
  | { readonly kind: 'remove'; readonly item: Item }
  | { readonly kind: 'preview'; readonly item: Item }

/** The dialog that is open, if one is. */
export function FolderDialogs(props: {
  readonly asked: Ask | null
  readonly folder: Folder | null
  readonly path: readonly string[]
  readonly ask: (ask: Ask | null) => void
}): JSX.Element | null {
  const { asked, folder, path, ask } = props
  if (asked === null || folder === null) return null
  const onClose = (): void => ask(null)
  switch (asked.kind) {
    case 'new_folder':
      return <NewFolder {...{ folder, path, onClose }} />
    case 'remove':
      return <Remove item={asked.item} {...{ path, onClose }} />
    case 'preview':
      return (
        <Preview
          item={asked.item}
          onMove={(item) => ask({ kind: 'preview', item })}
          {...{ folder, onClose }}
        />
      )
  }
}
