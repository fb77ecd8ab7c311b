import { addFolder, addFolderNamed, nameOf, readItems } from '../api/content.ts'
import { ApiError } from '../api/errors.ts'
import type { Item } from '../api/types.ts'

/** The folders that one batch of files goes to. Each is read once, and made once. */
export class Folders {
  readonly #items = new Map<string, Promise<readonly Item[]>>()
  readonly #children = new Map<string, Promise<string>>()

  /** What the folder at `url` holds; nothing if the user may add to it but not view it. */
  items(url: string): Promise<readonly Item[]> {
    return remember(this.#items, url, () => readItems(url).catch(noneIfHidden))
  }

  /** The folder that `names` lead to from `parent`; null if it does not exist yet. */
  async find(parent: string, names: readonly string[]): Promise<string | null> {
    let url: string | null = parent
    for (const name of names) {
      url = await this.#existing(url, name)
      if (url === null) return null
    }
    return url
  }

  /** Like `find`, but makes the folders that do not exist yet. */
  async ensure(parent: string, names: readonly string[]): Promise<string> {
    let url = parent
    for (const name of names) url = await this.#child(url, name)
    return url
  }

  #child(parent: string, name: string): Promise<string> {
    return remember(
      this.#children,
      `${parent}\n${name}`,
      async () => (await this.#existing(parent, name)) ?? (await makeFolder(parent, name)),
    )
  }

  async #existing(parent: string, name: string): Promise<string | null> {
    const folders = (await this.items(parent)).filter(({ is_folderish }) => is_folderish)
    const found =
      folders.find(({ id }) => id === name) ?? folders.find((folder) => nameOf(folder) === name)
    return found?.['@id'].replace(/\/$/, '') ?? null
  }
}

/** The promise made for `key`. A failed one is forgotten, so that the next file tries again. */
function remember<Value>(
  known: Map<string, Promise<Value>>,
  key: string,
  make: () => Promise<Value>,
): Promise<Value> {
  const before = known.get(key)
  if (before !== undefined) return before
  const made = make()
  known.set(key, made)
  made.catch(() => known.delete(key))
  return made
}

function noneIfHidden(error: unknown): readonly Item[] {
  if (error instanceof ApiError && (error.status === 403 || error.status === 404)) return []
  throw error
}

async function makeFolder(parent: string, name: string): Promise<string> {
  try {
    return (await addFolderNamed(parent, name))['@id']
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (error.code === 'id_taken') return `${parent}/${encodeURIComponent(name)}`
    // A name that cannot be an id can still be a title.
    if (error.status === 400) return (await addFolder(parent, name))['@id']
    throw error
  }
}
