import { addFolder, addFolderNamed } from '../api/content.ts'
import { ApiError } from '../api/errors.ts'

/** Makes the folders that files came in, each once. */
export class FolderMaker {
  readonly #made = new Map<string, Promise<string>>()

  /** The URL of the folder that `names` lead to from `parent`; made where it is not there yet. */
  async ensure(parent: string, names: readonly string[]): Promise<string> {
    let url = parent
    for (const name of names) url = await this.#child(url, name)
    return url
  }

  #child(parent: string, name: string): Promise<string> {
    const key = `${parent}\n${name}`
    const made = this.#made.get(key)
    if (made !== undefined) return made
    const making = makeFolder(parent, name)
    this.#made.set(key, making)
    // What failed is tried again by the next file that needs it.
    making.catch(() => this.#made.delete(key))
    return making
  }
}

async function makeFolder(parent: string, name: string): Promise<string> {
  try {
    return (await addFolderNamed(parent, name))['@id']
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (error.code === 'id_taken') return `${parent}/${encodeURIComponent(name)}`
    // A name that can be no id still can be a title.
    if (error.status === 400) return (await addFolder(parent, name))['@id']
    throw error
  }
}
