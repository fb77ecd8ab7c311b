import { nameOf } from '../api/content.ts'
import type { Item } from '../api/types.ts'

/** Adds the id to the title of objects that have the same title, so that people can tell them apart. */
export function uniqueTitles(items: readonly Item[]): Item[] {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(nameOf(item), (counts.get(nameOf(item)) ?? 0) + 1)
  return items.map((item) => {
    const name = nameOf(item)
    const isUnique = counts.get(name) === 1 || item.id === name
    return isUnique ? item : { ...item, title: `${name} (${item.id})` }
  })
}
