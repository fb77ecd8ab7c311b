import type { Awaitable, HttpRequest } from '@tusker/core'
import { UploadError } from '@tusker/core'
import type { ContentPath } from '../paths/content-path.ts'

/**
 * What somebody may do with an object. `add` is asked of the container that is to gain one, `manage` is
 * to see and to end unfinished uploads of others that are for the object.
 */
export type Right = 'view' | 'add' | 'modify' | 'manage'

/** Every right there is. */
export const RIGHTS: readonly Right[] = ['view', 'add', 'modify', 'manage']

/** Somebody who is known. */
export interface Principal {
  /** Recorded with uploads, whose owner alone may go on with them. */
  readonly name: string
}

/** Who is asking, and what they may. Asked with every request, and again before content appears. */
export interface ContentAccess<Context = unknown> {
  /** What `WWW-Authenticate` says to whoever has to sign in. */
  readonly challenge: string
  /**
   * Null for a request without credentials. Wrong ones are refused by throwing an `UploadError` with
   * the code `unauthenticated`.
   */
  identify(request: HttpRequest<Context>): Awaitable<Principal | null>
  /** Also asked for an upload's owner while nobody is there, when a sweep finishes an upload. */
  may(principal: Principal | null, right: Right, path: ContentPath): Awaitable<boolean>
}

/** Refuses a principal without the right: an unknown one is asked to sign in. */
export async function demand(
  access: ContentAccess<never>,
  principal: Principal | null,
  right: Right,
  path: ContentPath,
): Promise<void> {
  if (await access.may(principal, right, path)) return
  if (principal === null) throw unauthenticated(access, 'sign in first')
  throw new UploadError('forbidden', `you lack the right to ${right} here`)
}

/** All that somebody may do with an object. */
export async function rightsOn(
  access: ContentAccess<never>,
  principal: Principal | null,
  path: ContentPath,
): Promise<readonly Right[]> {
  const allowed: Right[] = []
  for (const right of RIGHTS) if (await access.may(principal, right, path)) allowed.push(right)
  return allowed
}

/** A refusal that tells how to sign in. */
export function unauthenticated(
  { challenge }: Pick<ContentAccess, 'challenge'>,
  message: string,
): UploadError {
  return new UploadError('unauthenticated', message, { headers: { 'www-authenticate': challenge } })
}
