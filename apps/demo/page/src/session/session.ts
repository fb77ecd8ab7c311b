import type { Signal } from '@preact/signals'
import { signal } from '@preact/signals'
import { onSignedOut } from '../api/http.ts'
import { closeSession, openSession, readSession } from '../api/session.ts'
import type { Account } from '../api/types.ts'
import { clearMessages, statusText } from '../ui/messages.ts'

/** `unknown` until the server has responded, `expired` once a signed-in user no longer is. */
export type SessionState =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'out' }
  | { readonly kind: 'in'; readonly name: string }
  | { readonly kind: 'expired'; readonly name: string }

export const session: Signal<SessionState> = signal({ kind: 'unknown' })

/** The account for trying out the demo; null where users have accounts of their own. */
export const demoAccount: Signal<Account | null> = signal(null)

/** Milliseconds after which the page renews the session. */
const RENEWAL = 10 * 60_000

/** Milliseconds until the page asks again while it does not know whether the user is signed in. */
const RETRY = 2_000

/** The user whose data the page has. */
let owner: string | null = null

const userListeners: (() => void)[] = [clearMessages]

/** Calls `listener` when the user signs out or another one signs in: it removes that user's data. */
export function onUserChange(listener: () => void): void {
  userListeners.push(listener)
}

/** Starts to follow the session. */
export function followSession(): void {
  onSignedOut(expire)
  void renewSession()
  setInterval(() => void renewSession(), RENEWAL)
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) void renewSession()
  })
}

/** Asks the server for the signed-in user. The state stays as it is if there is no response. */
export async function renewSession(): Promise<void> {
  const found = await readSession().catch(() => null)
  if (found === null) {
    if (session.value.kind === 'unknown') setTimeout(() => void renewSession(), RETRY)
    return
  }
  demoAccount.value = found.demoAccount ?? null
  if (found.user !== null) enter(found.user.name)
  else if (session.value.kind === 'in') expire()
  else if (session.value.kind === 'unknown') session.value = { kind: 'out' }
}

/** Signs in. @throws ApiError */
export async function signIn(name: string, password: string): Promise<void> {
  const { user } = await openSession(name, password)
  enter(user?.name ?? name)
  statusText.value = `Signed in as ${user?.name ?? name}.`
}

/** Signs out. @throws ApiError when the server cannot be reached */
export async function signOut(): Promise<void> {
  await closeSession()
  leaveUser()
  session.value = { kind: 'out' }
  statusText.value = 'Signed out.'
}

function enter(name: string): void {
  const now = session.peek()
  if (now.kind === 'in' && now.name === name) return
  if (owner !== null && owner !== name) leaveUser()
  owner = name
  session.value = { kind: 'in', name }
}

function leaveUser(): void {
  owner = null
  for (const listener of userListeners) listener()
}

function expire(): void {
  const now = session.peek()
  if (now.kind === 'in') session.value = { kind: 'expired', name: now.name }
  else if (now.kind === 'unknown') session.value = { kind: 'out' }
}
