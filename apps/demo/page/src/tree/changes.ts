import type { Signal } from '@preact/signals'
import { signal } from '@preact/signals'

/** The folder that changed last. Each change sets a new value. */
export const lastChange: Signal<{ readonly path: string } | null> = signal(null)

/** Reports that items of a folder were added, replaced or deleted. */
export function folderChanged(path: string): void {
  lastChange.value = { path }
}
