/**
 * The path a request is aimed at, percent-encoded and without its query; null when its target is none,
 * as with `OPTIONS *`. The absolute form (RFC 9112, section 3.2.2) is reduced to its path: whom it
 * names as the host is not ours to believe.
 */
export function pathOf(target: string | undefined): string | null {
  const path = (target ?? '').replace(/^https?:\/\/[^/?#]*/i, '').split(/[?#]/, 1)[0] ?? ''
  return path.startsWith('/') ? path : null
}
