/** What a path names: the place where uploads are created, or one upload below it. */
export interface UploadRoute {
  /** The path, as the client wrote it, below which the upload's URL is built. */
  readonly collection: string
  /** The upload's id as it stands in the path, not yet checked; null for the place of creation. */
  readonly id: string | null
}

/** Tells which paths are about uploads. */
export interface UploadRoutes {
  /** Null for a path that has nothing to do with uploads. */
  match(path: string): UploadRoute | null
}

/** Uploads created at one path, each one segment below it. One slash may follow either of them. */
export function fixedRoute(path: string): UploadRoutes {
  if (!path.startsWith('/')) throw new Error(`path must begin with a slash: "${path}"`)
  const collection = path.replace(/\/+$/, '')
  return {
    match(candidate) {
      if (candidate === collection) return { collection, id: null }
      if (!candidate.startsWith(`${collection}/`)) return null
      const id = candidate.slice(collection.length + 1)
      return { collection, id: id === '' ? null : withoutSlash(id) }
    },
  }
}

function withoutSlash(id: string): string {
  return id.length > 1 && id.endsWith('/') ? id.slice(0, -1) : id
}
