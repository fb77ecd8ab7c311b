const SLASH = 0x2f

/**
 * The path a request is aimed at, percent-encoded and without its query; null when its target is none,
 * as with `OPTIONS *`. The absolute form (RFC 9112, section 3.2.2) is reduced to its path: whom it
 * names as the host is not ours to believe.
 */
export function pathOf(target: string | undefined): string | null {
  if (target === undefined) return null
  const local = target.charCodeAt(0) === SLASH ? target : target.replace(/^https?:\/\/[^/?#]*/i, '')
  if (local.charCodeAt(0) !== SLASH) return null
  const end = local.search(/[?#]/)
  return end === -1 ? local : local.slice(0, end)
}

/** The query of a request target, percent-encoded and without `?`; an empty string when it has none. */
export function queryOf(target = ''): string {
  return /^[^?#]*\?([^#]*)/.exec(target)?.[1] ?? ''
}
