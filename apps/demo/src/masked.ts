/** Characters of an upload's id that a log shows: enough to find its lines, too few to use it. */
const SHOWN = 4

/** An id as the log shows it. For an upload without an owner its URL works like a password. */
export function maskedId(id: string): string {
  return `${id.slice(0, SHOWN)}…`
}

/** A path as the log shows it. */
export function maskedPath(path: string): string {
  return path.replace(/^(.*\/files\/+)([^/]+).*$/, (_, start: string, id: string) => {
    return start + maskedId(id)
  })
}
