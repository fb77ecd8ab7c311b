import { nameOf } from '../api/content.ts'
import type { Item } from '../api/types.ts'
import { send } from '../uploads/actions.ts'
import { chooseFile } from '../ui/choose-file.ts'

/** Lets the user choose a file, and replaces the bytes of an object with it. */
export async function replace(item: Item, path: readonly string[]): Promise<void> {
  const file = await chooseFile()
  if (file === null) return
  const meta = { replaceUrl: item['@id'], replaces: nameOf(item), folderPath: `/${path.join('/')}` }
  send([{ file, meta }])
}
