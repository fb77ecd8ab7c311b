import type { ReadonlySignal } from '@preact/signals'
import { computed, signal } from '@preact/signals'
import type { Route } from './address.ts'
import { parseRoute } from './address.ts'

const hash = signal(location.hash)
addEventListener('hashchange', () => {
  hash.value = location.hash
})

/** What the page shows. It follows from the address alone, so a reload shows the same. */
export const route: ReadonlySignal<Route> = computed(() => parseRoute(hash.value))
