import type { Signal } from '@preact/signals'
import { signal } from '@preact/signals'

/** The folder that files are uploaded to. */
export interface Destination {
  readonly folderUrl: string
  /** Path of ids, such as `/a/b`. */
  readonly folderPath: string
}

/** The open folder: the destination of files that name no other. */
export const openFolder: Signal<Destination | null> = signal(null)
