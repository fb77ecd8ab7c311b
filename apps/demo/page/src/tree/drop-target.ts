import type { Signal } from '@preact/signals'
import { signal } from '@preact/signals'
import type { Item } from '../api/types.ts'

/** A folder that dragged files are over. */
export interface DropTarget {
  readonly name: string
  readonly mayAdd: boolean
  /** The id of a folder in the open one; null for the open folder itself. */
  readonly id: string | null
}

/** The folder that dragged files would be uploaded to; null while none are over the page. */
export const dropTarget: Signal<DropTarget | null> = signal(null)

/** Whether dragged files are over the row or the tile of a folder. */
export function isDropTarget(item: Item): boolean {
  return item.is_folderish && dropTarget.value?.id === item.id
}
