/** The meaning of a path: the place where clients create uploads, or one upload below it. */
export interface UploadRoute {
  /** The path, as the client wrote it, below which the upload's URL is built. */
  readonly collection: string
  /** The id of the upload as in the path, not checked yet; null for the place of creation. */
  readonly id: string | null
}

/** Finds the paths that belong to uploads. */
export interface UploadRoutes {
  /** Returns null for a path that does not belong to uploads. */
  match(path: string): UploadRoute | null
}

/** Routes with one path for creation. Paths of uploads are one segment longer. A slash may follow. */
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
