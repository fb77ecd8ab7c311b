import type { Signal } from '@preact/signals'
import { signal } from '@preact/signals'
import { nameOf, readItem } from '../api/content.ts'
import type { Folder } from '../api/types.ts'

/** The titles of objects, by their path of ids. */
export const titles: Signal<ReadonlyMap<string, string>> = signal(new Map())

/** The keys that the server was asked about. */
const asked = new Set<string>()

/** Notes the titles of a folder and its folders, and asks for unknown ones of the folders above. */
export function rememberTitles(path: readonly string[], folder: Folder): void {
  const known = new Map(titles.peek())
  known.set(keyOf(path), nameOf(folder))
  for (const item of folder.items) {
    if (item.is_folderish) known.set(keyOf([...path, item.id]), nameOf(item))
  }
  titles.value = known
  for (let depth = 1; depth < path.length; depth++) learnTitle(path.slice(0, depth))
}

/** Asks the server for the title of an object, unless it is known. */
export function learnTitle(path: readonly string[]): void {
  const key = keyOf(path)
  if (path.length === 0 || titles.peek().has(key) || asked.has(key)) return
  asked.add(key)
  void ask(path)
}

/** The next user must not see titles that this one could. */
export function forgetTitles(): void {
  titles.value = new Map()
  asked.clear()
}

/** The title of an object; its id while the title is not known. */
export function titleOf(path: readonly string[]): string {
  return titles.value.get(keyOf(path)) ?? path.at(-1) ?? 'Files'
}

async function ask(path: readonly string[]): Promise<void> {
  const item = await readItem(path, new AbortController().signal).catch(() => null)
  if (item === null) asked.delete(keyOf(path))
  else titles.value = new Map(titles.peek()).set(keyOf(path), nameOf(item))
}

function keyOf(path: readonly string[]): string {
  return path.join('/')
}
