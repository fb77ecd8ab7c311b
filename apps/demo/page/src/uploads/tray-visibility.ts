import type { Signal } from '@preact/signals'
import { effect, signal } from '@preact/signals'
import { route } from '../route/route.ts'
import { dismissCompleted, dismissFailed } from './cancel.ts'
import { isUnfinished, rows } from './rows.ts'

/** Whether the user has closed the tray while uploads continue. */
export const isTrayClosed: Signal<boolean> = signal(false)

/** Milliseconds for which the tray stays in sight when all uploads have completed. */
const STAY = 10_000

/** Closes the tray. Uploads that are unfinished continue, all others leave the list. */
export function closeTray(): void {
  dismissCompleted()
  dismissFailed()
  isTrayClosed.value = rows.peek().some(isUnfinished)
}

/** Opens a closed tray for new uploads, for problems, and on the page of uploads. */
export function followTray(): void {
  let known = new Set<string>()
  effect(() => {
    const all = rows.value
    const isNews = all.some(
      ({ id, state }) => !known.has(id) || state === 'failed' || state === 'signed_out',
    )
    known = new Set(all.map(({ id }) => id))
    if (isNews) isTrayClosed.value = false
  })
  effect(() => {
    if (route.value.view === 'live') isTrayClosed.value = false
  })
}

/**
 * Removes completed uploads once the page was visible for a while, if nothing else is left. Returns a
 * function that stops that.
 */
export function dismissLater(): (() => void) | undefined {
  const all = rows.value
  if (all.length === 0 || all.some(({ state }) => state !== 'completed')) return undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  const restart = (): void => {
    clearTimeout(timer)
    if (!document.hidden) timer = setTimeout(dismissCompleted, STAY)
  }
  restart()
  document.addEventListener('visibilitychange', restart)
  return () => {
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', restart)
  }
}
