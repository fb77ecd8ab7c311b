import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Item } from '../api/types.ts'

/** The number of items that are shown at once: more would keep the browser busy for too long. */
const PAGE = 500

/** The first items of a folder, and a button for more. `key` differs for each folder. */
export function usePages(
  items: readonly Item[],
  key: string,
): { readonly shown: readonly Item[]; readonly more: JSX.Element | null } {
  const [limit, setLimit] = useState(PAGE)
  useEffect(() => setLimit(PAGE), [key])
  const left = items.length - limit
  if (left <= 0) return { shown: items, more: null }
  const more = (
    <p class="more">
      Showing {limit} of {items.length} items.{' '}
      <button type="button" class="button small" onClick={() => setLimit(limit + PAGE)}>
        Show {Math.min(PAGE, left)} more
      </button>
    </p>
  )
  return { shown: items.slice(0, limit), more }
}
