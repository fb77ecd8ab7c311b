import { nameOf } from '../api/content.ts'
import type { Item } from '../api/types.ts'
import type { Folders } from './folders.ts'
import { freeName } from './free-name.ts'

/** A file that is about to be uploaded. */
export interface NamedFile {
  readonly id: string
  readonly name: string
  readonly folderUrl: string
  /** Names of the folders below that one, as the file was dropped or chosen. */
  readonly folders: readonly string[]
}

/** A file whose name is taken where it goes. */
export interface Conflict {
  readonly id: string
  readonly name: string
  /** The name that the file gets next to the existing object. */
  readonly freeName: string
  /** The folders below the one it is uploaded to, all of which exist. */
  readonly folders: readonly string[]
  /** The object with that name; null while an upload with that name is under way. */
  readonly existing: Item | null
}

/** What the names of a batch come to. */
export interface Names {
  readonly conflicts: readonly Conflict[]
  /** New names, by id, of files that had the name of another one of the batch. */
  readonly renamed: ReadonlyMap<string, string>
}

/**
 * Compares the names of files with those of existing objects, of uploads under way, and with each other.
 *
 * @param namesUnderWay the names of the uploads under way to a folder
 */
export async function findConflicts(
  files: readonly NamedFile[],
  folders: Folders,
  namesUnderWay: (folderUrl: string) => readonly string[],
): Promise<Names> {
  const conflicts: Conflict[] = []
  const renamed = new Map<string, string>()
  const places = new Map<string, Place>()
  for (const file of files) {
    const key = [file.folderUrl, ...file.folders].join('\n')
    const place = places.get(key) ?? (await placeOf(file, folders, namesUnderWay))
    places.set(key, place)
    const free = freeName(file.name, place.taken)
    place.taken.add(free)
    if (free === file.name) continue
    const existing = place.items.find((item) => nameOf(item) === file.name) ?? null
    if (existing === null && !place.underWay.has(file.name)) renamed.set(file.id, free)
    else
      conflicts.push({
        id: file.id,
        name: file.name,
        freeName: free,
        folders: file.folders,
        existing,
      })
  }
  return { conflicts, renamed }
}

/** A folder that files of a batch go to. */
interface Place {
  readonly items: readonly Item[]
  readonly underWay: ReadonlySet<string>
  /** All names in it, with those of the files before in the batch. */
  readonly taken: Set<string>
}

async function placeOf(
  file: NamedFile,
  folders: Folders,
  namesUnderWay: (folderUrl: string) => readonly string[],
): Promise<Place> {
  const url = await folders.find(file.folderUrl, file.folders)
  const items = url === null ? [] : await folders.items(url)
  const underWay = new Set(url === null ? [] : namesUnderWay(url))
  return { items, underWay, taken: new Set([...items.map(nameOf), ...underWay]) }
}
