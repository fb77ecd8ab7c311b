import { join } from 'node:path'

/** The directory with an object's children, apart from the files of the object itself. */
export function childrenOf(directory: string): string {
  return join(directory, 'children')
}
