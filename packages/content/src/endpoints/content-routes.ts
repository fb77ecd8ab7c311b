import type { ContentPath } from '../paths/content-path.ts'
import { decodeSegment, parseContentPath, segmentsOf } from '../paths/content-path.ts'

/** The meaning of a URL of a content server. */
export type ContentRoute = {
  /** The part before the object's path, which stays in every URL of responses. */
  readonly base: string
  readonly path: ContentPath
} & (
  | { readonly kind: 'object' }
  | { readonly kind: 'info' }
  | { readonly kind: 'download'; readonly field: string }
  | {
      readonly kind: 'upload'
      readonly service: '@tus-upload' | '@tus-replace'
      /** The path above the object's uploads, as the client wrote it. */
      readonly collection: string
      readonly id: string | null
    }
)

/** The URL of an upload, or of the place where uploads are created. */
export type UploadRoute = Extract<ContentRoute, { readonly kind: 'upload' }>

/** Maps URLs to routes. */
export interface ContentRoutes {
  /** True for every path below the mount, whether content exists there or not. */
  matches(path: string): boolean
  /** Null if the URL cannot belong to content. */
  match(path: string): ContentRoute | null
}

/**
 * The URLs of a tree mounted at `mount`, with any of `prefixes` in front of or behind it.
 *
 * @throws Error for a mount or a prefix that does not begin with a slash
 */
export function contentRoutes(mount: string, prefixes: readonly string[]): ContentRoutes {
  const root = trimmed(mount)
  const virtual = prefixes.map(trimmed)
  const bases = [root, ...virtual.flatMap((prefix) => [prefix + root, root + prefix])]
  bases.sort((one, other) => other.length - one.length)
  const baseOf = (path: string): string | undefined =>
    bases.find((base) => path === base || path.startsWith(`${base}/`))

  return {
    matches: (path) => baseOf(path) !== undefined,
    match(path) {
      const base = baseOf(path)
      // Raw bytes are not valid in a URL, or in a header field made from it.
      if (base === undefined || /[^\x21-\x7e]/.test(path)) return null
      return routeBelow(base, path.slice(base.length))
    },
  }
}

function trimmed(path: string): string {
  if (!path.startsWith('/')) throw new Error(`a path must begin with a slash: "${path}"`)
  return path.replace(/\/+$/, '')
}

function routeBelow(base: string, rest: string): ContentRoute | null {
  const segments = segmentsOf(rest).map((raw) => ({ raw, text: decodeSegment(raw) }))
  const at = segments.findIndex(({ text }) => text?.startsWith('@') === true)
  if (at === -1) {
    const path = parseContentPath(rest)
    return path === null ? null : { kind: 'object', base, path }
  }
  const context = segments
    .slice(0, at)
    .map(({ raw }) => `/${raw}`)
    .join('')
  const path = parseContentPath(context)
  const [service, ...args] = segments.slice(at).map(({ text }) => text)
  return path === null ? null : serviceRoute({ base, path, context }, service, args)
}

function serviceRoute(
  {
    base,
    path,
    context,
  }: { readonly base: string; readonly path: string; readonly context: string },
  service: string | null | undefined,
  args: readonly (string | null)[],
): ContentRoute | null {
  const [arg = null] = args
  const collection = `${base}${context}/@tus-upload`
  if (args.length > 1 || args.includes(null)) return null
  if (service === '@tus-upload') return { kind: 'upload', service, base, path, collection, id: arg }
  if (service === '@download' && arg !== null) return { kind: 'download', base, path, field: arg }
  if (arg !== null) return null
  if (service === '@tus-replace')
    return { kind: 'upload', service, base, path, collection, id: null }
  return service === '@info' ? { kind: 'info', base, path } : null
}
