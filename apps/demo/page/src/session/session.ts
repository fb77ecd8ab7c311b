import type { Signal } from '@preact/signals'
import { signal } from '@preact/signals'
import { onSignedOut } from '../api/http.ts'
import { closeSession, openSession, readSession } from '../api/session.ts'
import { say } from '../ui/messages.ts'

/** `unknown` until the server has said, `expired` when somebody was signed in and no longer is. */
export type SessionState =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'out' }
  | { readonly kind: 'in'; readonly name: string }
  | { readonly kind: 'expired'; readonly name: string }

export const session: Signal<SessionState> = signal({ kind: 'unknown' })

/** Milliseconds after which the server is asked to keep the session. */
const RENEWAL = 10 * 60_000

/** Starts to follow the session. */
export function followSession(): void {
  onSignedOut(expire)
  void renewSession()
  setInterval(() => void renewSession(), RENEWAL)
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) void renewSession()
  })
}

/** Asks the server who is signed in. What cannot be asked now stays as it is. */
export async function renewSession(): Promise<void> {
  const answer = await readSession().catch(() => null)
  if (answer === null) {
    if (session.value.kind === 'unknown') setTimeout(() => void renewSession(), 2_000)
    return
  }
  if (answer.user !== null) enter(answer.user.name)
  else if (session.value.kind === 'in') expire()
  else if (session.value.kind === 'unknown') session.value = { kind: 'out' }
}

/** Signs in. @throws ApiError */
export async function signIn(name: string, password: string): Promise<void> {
  const { user } = await openSession(name, password)
  enter(user?.name ?? name)
  say(`Signed in as ${user?.name ?? name}.`)
}

/** Signs out. @throws ApiError when the server cannot be told */
export async function signOut(): Promise<void> {
  await closeSession()
  session.value = { kind: 'out' }
  say('Signed out.')
}

function enter(name: string): void {
  const now = session.peek()
  if (now.kind !== 'in' || now.name !== name) session.value = { kind: 'in', name }
}

function expire(): void {
  const now = session.peek()
  if (now.kind === 'in') session.value = { kind: 'expired', name: now.name }
  else if (now.kind === 'unknown') session.value = { kind: 'out' }
}
