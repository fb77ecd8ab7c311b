import type { Signal } from '@preact/signals'
import { signal } from '@preact/signals'

/** The folder that last changed, anew each time. */
export const lastChange: Signal<{ readonly path: string } | null> = signal(null)

/** Makes it known that something was added to a folder or below, or removed or replaced there. */
export function folderChanged(path: string): void {
  lastChange.value = { path }
}
