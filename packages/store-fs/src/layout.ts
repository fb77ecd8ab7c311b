import { join } from 'node:path'

/**
 * Where things lie. Ids cannot hold a `~`, so nothing that belongs to one upload can bear the name of
 * another.
 */
export interface Layout {
  readonly directory: string
  /** The bytes, in a file that is called as the upload is. */
  data(id: string): string
  record(id: string): string
  /** The directory of the files behind its lease, when several processes share the uploads. */
  lease(id: string): string
  /** The bytes of a final upload while they are put together. */
  joining(id: string): string
  /** The id of the upload whose record has this file name; null for other files. */
  idOf(fileName: string): string | null
}

const RECORD = '~record.json'

export function layoutOf(directory: string): Layout {
  return {
    directory,
    data: (id) => join(directory, id),
    record: (id) => join(directory, `${id}${RECORD}`),
    lease: (id) => join(directory, `${id}~lease`),
    joining: (id) => join(directory, `${id}~joining`),
    idOf: (name) => (name.endsWith(RECORD) ? name.slice(0, -RECORD.length) : null),
  }
}
