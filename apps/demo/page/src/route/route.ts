import type { ReadonlySignal } from '@preact/signals'
import { computed, signal } from '@preact/signals'
import type { Route } from './address.ts'
import { parseRoute } from './address.ts'

const hash = signal(location.hash)
addEventListener('hashchange', () => {
  hash.value = location.hash
})

/** The address says it all, so that a reload stays where it was. */
export const route: ReadonlySignal<Route> = computed(() => parseRoute(hash.value))
