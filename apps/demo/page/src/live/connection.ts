import type { ReadonlySignal } from '@preact/signals'
import { computed, effect, signal } from '@preact/signals'
import { streamState } from './live.ts'

const online = signal(navigator.onLine)
const isLost = signal(false)

/** Milliseconds without the server after which the page says so. */
const PATIENCE = 1_500

/** Whether the server cannot be reached. */
export const disconnected: ReadonlySignal<boolean> = computed(() => !online.value || isLost.value)

/** Follows the network and the server. */
export function followConnection(): void {
  const read = (): boolean => (online.value = navigator.onLine)
  addEventListener('online', read)
  addEventListener('offline', read)
  let timer: ReturnType<typeof setTimeout> | undefined
  effect(() => {
    const now = streamState.value
    if (now === 'open' || now === 'idle') {
      clearTimeout(timer)
      timer = undefined
      isLost.value = false
    } else if (now === 'lost') {
      timer ??= setTimeout(() => (isLost.value = true), PATIENCE)
    }
  })
}
