import type { ReadonlySignal } from '@preact/signals'
import { computed, effect, signal } from '@preact/signals'
import { link } from './live.ts'

const online = signal(navigator.onLine)
const missed = signal(false)

/** Milliseconds without the server before it is worth a word. */
const PATIENCE = 1_500

/** Whether there is no way to the server at present. */
export const disconnected: ReadonlySignal<boolean> = computed(() => !online.value || missed.value)

/** Follows the network and the server. */
export function followConnection(): void {
  const look = (): boolean => (online.value = navigator.onLine)
  addEventListener('online', look)
  addEventListener('offline', look)
  let patience: ReturnType<typeof setTimeout> | undefined
  effect(() => {
    const now = link.value
    if (now === 'open' || now === 'idle') {
      clearTimeout(patience)
      patience = undefined
      missed.value = false
    } else if (now === 'lost') {
      patience ??= setTimeout(() => (missed.value = true), PATIENCE)
    }
  })
}
