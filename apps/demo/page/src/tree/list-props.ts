import type { Folder } from '../api/types.ts'
import type { Ask } from './dialogs.tsx'

/** What shows the objects of a folder needs. */
export interface ListProps {
  readonly folder: Folder
  /** Path of ids of the folder. */
  readonly path: readonly string[]
  /** Opens a dialog about one of the objects. */
  readonly ask: (ask: Ask) => void
}
