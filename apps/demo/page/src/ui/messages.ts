import type { Signal } from '@preact/signals'
import { signal } from '@preact/signals'

/** Something to tell the user. Errors stay until they are dismissed. */
export interface Message {
  readonly key: number
  readonly kind: 'note' | 'error'
  readonly text: string
}

export const messages: Signal<readonly Message[]> = signal([])

/** Milliseconds for which a note is shown: enough to be read twice. */
const NOTE_TIME = 6_000

/** So many are shown at once; older ones give way. */
const MOST = 4

let lastKey = 0

/** What is only said to screen readers: others see it where it happens. */
export const whisper: Signal<string> = signal('')

/** The same for what interrupts them. */
export const alarm: Signal<string> = signal('')

/** Says that something went wrong, to those who cannot see where it is shown. */
export function warn(text: string): void {
  alarm.value = text
}

/** Says something to those who cannot see that it happened. */
export function say(text: string): void {
  whisper.value = text
}

/** Tells of something that went well. */
export function announce(text: string): void {
  const key = add('note', text)
  setTimeout(() => dismiss(key), NOTE_TIME)
}

/** Tells of something that went wrong. */
export function complain(text: string): void {
  const same = messages.peek().find((message) => message.kind === 'error' && message.text === text)
  if (same !== undefined) dismiss(same.key)
  add('error', text)
}

export function dismiss(key: number): void {
  messages.value = messages.peek().filter((message) => message.key !== key)
}

function add(kind: Message['kind'], text: string): number {
  lastKey += 1
  messages.value = [...messages.peek(), { key: lastKey, kind, text }].slice(-MOST)
  return lastKey
}
