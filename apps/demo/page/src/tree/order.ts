import type { Signal } from '@preact/signals'
import { signal } from '@preact/signals'
import { nameOf, primaryField } from '../api/content.ts'
import type { Item } from '../api/types.ts'

export type Column = 'name' | 'size' | 'modified'

/** The order of a folder's items. */
export interface Order {
  readonly column: Column
  readonly descending: boolean
}

export const order: Signal<Order> = signal({ column: 'name', descending: false })

/** Sorts by a column, or by the same column in the opposite direction. */
export function orderBy(column: Column): void {
  const now = order.peek()
  order.value = { column, descending: now.column === column && !now.descending }
}

const COLLATOR = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

/** Sorts folders first, and both folders and files in the given order. */
export function sorted(items: readonly Item[], { column, descending }: Order): Item[] {
  const sign = descending ? -1 : 1
  return [...items].sort((a, b) => {
    if (a.is_folderish !== b.is_folderish) return a.is_folderish ? -1 : 1
    return sign * compare(a, b, column) || COLLATOR.compare(nameOf(a), nameOf(b))
  })
}

function compare(a: Item, b: Item, column: Column): number {
  switch (column) {
    case 'name':
      return COLLATOR.compare(nameOf(a), nameOf(b))
    case 'size':
      return sizeOf(a) - sizeOf(b)
    case 'modified':
      return a.modified < b.modified ? -1 : a.modified > b.modified ? 1 : 0
  }
}

function sizeOf(item: Item): number {
  return primaryField(item)?.size ?? 0
}
