import type { Signal } from '@preact/signals'
import { effect, signal } from '@preact/signals'

const KEY = 'tusker-view'

/** How folders are shown. The browser remembers it. */
export const view: Signal<'list' | 'grid'> = signal(
  localStorage.getItem(KEY) === 'grid' ? 'grid' : 'list',
)

effect(() => localStorage.setItem(KEY, view.value))
