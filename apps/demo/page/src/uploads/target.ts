import type { Signal } from '@preact/signals'
import { signal } from '@preact/signals'

/** Where files go that say nothing else. */
export interface Target {
  readonly folderUrl: string
  readonly folderPath: string
}

/** The folder that is open. */
export const target: Signal<Target | null> = signal(null)
