import type { Awaitable, HttpRequest } from '@tusker/core'
import { UploadError } from '@tusker/core'
import type { ContentPath } from '../paths/content-path.ts'

/**
 * What a user may do with an object. `add` belongs to the container that gains an object. `manage`
 * allows to see and to cancel other users' unfinished uploads for the object.
 */
export type Right = 'view' | 'add' | 'modify' | 'manage'

/** All rights. */
export const RIGHTS: readonly Right[] = ['view', 'add', 'modify', 'manage']

/** A signed-in user. */
export interface Principal {
  /** Recorded as the owner of an upload. Only the owner may continue it. */
  readonly name: string
}

/** Identifies users and decides about their rights, on each request and again before content appears. */
export interface ContentAccess<Context = unknown> {
  /** The value of `WWW-Authenticate` for a client that has to sign in. */
  readonly challenge: string
  /**
   * Returns null for a request without credentials. For wrong credentials, throws an `UploadError` with
   * the code `unauthenticated`.
   */
  identify(request: HttpRequest<Context>): Awaitable<Principal | null>
  /** Also called without a request, for the owner of an upload that a sweep completes. */
  may(principal: Principal | null, right: Right, path: ContentPath): Awaitable<boolean>
  /**
   * The paths below `path` at which rights may differ from those at `path`. Before a container is
   * removed, `may` is called for them. Without this method it is called for every object below.
   */
  pathsWithRules?(path: ContentPath): Iterable<ContentPath>
}

/** Refuses a principal without the right. A client that is not signed in is asked to sign in. */
export async function assertMay(
  access: ContentAccess<never>,
  principal: Principal | null,
  right: Right,
  path: ContentPath,
): Promise<void> {
  if (await access.may(principal, right, path)) return
  if (principal === null) throw unauthenticated(access, 'sign in first')
  throw new UploadError('forbidden', `you lack the right to ${right} here`)
}

/** All rights of a principal on an object. */
export async function rightsOn(
  access: ContentAccess<never>,
  principal: Principal | null,
  path: ContentPath,
): Promise<readonly Right[]> {
  const allowed: Right[] = []
  for (const right of RIGHTS) if (await access.may(principal, right, path)) allowed.push(right)
  return allowed
}

/** An error that tells the client how to sign in. */
export function unauthenticated(
  { challenge }: Pick<ContentAccess, 'challenge'>,
  message: string,
): UploadError {
  return new UploadError('unauthenticated', message, { headers: { 'www-authenticate': challenge } })
}
