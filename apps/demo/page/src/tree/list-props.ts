import type { Folder } from '../api/types.ts'
import type { FolderDialog } from './dialogs.tsx'

/** The properties of a component that lists a folder. */
export interface ListProps {
  readonly folder: Folder
  /** Path of ids of the folder. */
  readonly path: readonly string[]
  /** Opens a dialog about one of the items. */
  readonly open: (dialog: FolderDialog) => void
}
