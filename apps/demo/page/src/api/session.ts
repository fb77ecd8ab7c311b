import { request, requestJson, withJson } from './http.ts'
import type { Session } from './types.ts'

/** Returns the signed-in user, and renews the session. */
export function readSession(): Promise<Session> {
  return requestJson('session')
}

/** Signs in. @throws ApiError when name or password is wrong */
export function openSession(name: string, password: string): Promise<Session> {
  return requestJson('session', withJson('POST', { name, password }))
}

/** Signs out. */
export async function closeSession(): Promise<void> {
  await request('session', { method: 'DELETE' })
}
