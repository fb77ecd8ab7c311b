import { nameOf } from '../api/content.ts'
import type { Item } from '../api/types.ts'

/** Of objects that are called the same, adds to the name of each the id that tells it apart. */
export function distinct(items: readonly Item[]): Item[] {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(nameOf(item), (counts.get(nameOf(item)) ?? 0) + 1)
  return items.map((item) => {
    const name = nameOf(item)
    const alone = counts.get(name) === 1 || item.id === name
    return alone ? item : { ...item, title: `${name} (${item.id})` }
  })
}
