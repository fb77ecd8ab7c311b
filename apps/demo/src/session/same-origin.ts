import type { HttpRequest } from '@tusker/core'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * False for a request in which another site's page uses our cookie. A client that is not a browser sends
 * no origin, and it sends only cookies that its user gave it.
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

/** True for a request of our page's script or elements; false when a person opens an address. */
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
