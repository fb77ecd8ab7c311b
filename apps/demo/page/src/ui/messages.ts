import type { Signal } from '@preact/signals'
import { signal } from '@preact/signals'

/** A message that the page shows for a while. */
export interface Message {
  readonly key: number
  readonly kind: 'note' | 'error'
  readonly text: string
  /** What the message is about. The next attempt at the same thing removes it. */
  readonly topic: string | null
  readonly action: MessageAction | null
}

/** A button in a message. */
export interface MessageAction {
  readonly text: string
  readonly run: () => void
}

export const messages: Signal<readonly Message[]> = signal([])

/** A text that screen readers read out when they get to it; others see the change itself. */
export const statusText: Signal<string> = signal('')

/** The same for a text that interrupts a screen reader. */
export const alertText: Signal<string> = signal('')

/** Milliseconds for which a note is shown: enough to read it twice. */
const NOTE_TIME = 6_000

/** The number of messages that are shown at once. The oldest one makes room. */
const LIMIT = 4

let lastKey = 0

/** Shows a note for a while. */
export function notify(text: string): void {
  const key = add({ kind: 'note', text, topic: null, action: null })
  setTimeout(() => dismiss(key), NOTE_TIME)
}

/** Shows a note with a button until it is dismissed. Returns its key. */
export function offer(text: string, action: MessageAction): number {
  return add({ kind: 'note', text, topic: null, action })
}

/** Shows an error until the user dismisses it, tries again, or signs out. */
export function reportError(text: string, topic: string): void {
  clearErrors(topic)
  add({ kind: 'error', text, topic, action: null })
}

/** Removes the errors of earlier attempts. */
export function clearErrors(topic: string): void {
  messages.value = messages.peek().filter((message) => message.topic !== topic)
}

/** Removes everything that was said, for the next user must not see it. */
export function clearMessages(): void {
  messages.value = []
  statusText.value = ''
  alertText.value = ''
}

export function dismiss(key: number): void {
  messages.value = messages.peek().filter((message) => message.key !== key)
}

function add(message: Omit<Message, 'key'>): number {
  lastKey += 1
  messages.value = [...messages.peek(), { ...message, key: lastKey }].slice(-LIMIT)
  return lastKey
}
