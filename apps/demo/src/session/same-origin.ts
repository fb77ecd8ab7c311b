import type { HttpRequest } from '@tusker/core'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * False for a request with which another site's page would do something with the cookie of ours. What
 * comes from no browser says nothing of where it comes from, and brings no cookie it was not given.
 */
export function isOurs(
  { method, headers }: Pick<HttpRequest, 'method' | 'headers'>,
  trusted: ReadonlySet<string>,
): boolean {
  if (SAFE.has(method) && headers.get('x-http-method-override') === null) return true
  const origin = headers.get('origin')
  if (origin !== null && trusted.has(origin)) return true
  const site = headers.get('sec-fetch-site')
  if (site !== null) return site === 'same-origin' || site === 'none'
  return origin === null || hostOf(origin) === headers.get('host')
}

/** True for what a page of ours fetches, shows or listens to; false for what a person navigates to. */
export function isOfPage({ headers }: Pick<HttpRequest, 'headers'>): boolean {
  if (headers.get('x-requested-with') !== null) return true
  const mode = headers.get('sec-fetch-mode')
  return headers.get('sec-fetch-site') === 'same-origin' && mode !== null && mode !== 'navigate'
}

function hostOf(origin: string): string | null {
  try {
    return new URL(origin).host
  } catch {
    return null
  }
}
