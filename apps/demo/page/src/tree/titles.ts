import type { Signal } from '@preact/signals'
import { signal } from '@preact/signals'
import { nameOf, readItem } from '../api/content.ts'
import type { Folder } from '../api/types.ts'

/** What folders are called, by their path of ids. */
export const titles: Signal<ReadonlyMap<string, string>> = signal(new Map())

/** Notes what a folder and those in it are called, and asks about those above that are not known. */
export function rememberTitles(path: readonly string[], folder: Folder): void {
  const known = new Map(titles.peek())
  known.set(keyOf(path), nameOf(folder))
  for (const item of folder.items) {
    if (item.is_folderish) known.set(keyOf([...path, item.id]), nameOf(item))
  }
  titles.value = known
  for (let depth = 1; depth < path.length; depth++) {
    const above = path.slice(0, depth)
    if (!known.has(keyOf(above))) void ask(above)
  }
}

/** What a folder is called; its id while that is not known. */
export function titleOf(path: readonly string[]): string {
  return titles.value.get(keyOf(path)) ?? path.at(-1) ?? 'Files'
}

async function ask(path: readonly string[]): Promise<void> {
  const item = await readItem(path, new AbortController().signal).catch(() => null)
  if (item !== null) titles.value = new Map(titles.peek()).set(keyOf(path), nameOf(item))
}

function keyOf(path: readonly string[]): string {
  return path.join('/')
}
