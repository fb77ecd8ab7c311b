import type { JSX } from 'preact'
import { primaryField } from '../api/content.ts'
import type { Item } from '../api/types.ts'
import { bytes, when } from '../ui/format.ts'
import { Icon } from '../ui/icon.tsx'
import { useKeptFocus } from '../ui/kept-focus.ts'
import { ItemName } from './item-name.tsx'
import { ItemMenu } from './item-menu.tsx'
import { isShowable, kindOf } from './kinds.ts'
import type { ListProps } from './list-props.ts'
import { usePages } from './pages.tsx'
import { order, sorted } from './order.ts'

/** Bytes of the largest image that is its own thumbnail. */
const THUMBNAIL = 3_000_000

/** A folder as a grid, for images above all. */
export function Grid({ folder, path, ask }: ListProps): JSX.Element {
  useKeptFocus()
  const { shown, more } = usePages(sorted(folder.items, order.value), folder['@id'])
  return (
    <>
      <ul class="grid" aria-label="What is in this folder">
        {shown.map((item) => (
          <li key={item.UID} data-folder={item.is_folderish ? item.id : undefined}>
            <Picture item={item} />
            <div class="grid-text">
              <div>
                <span class="unseen">{kindOf(item).word}: </span>
                <ItemName {...{ item, path, ask }} />
                <p>{subtitle(item)}</p>
              </div>
              <ItemMenu {...{ item, path, ask }} />
            </div>
          </li>
        ))}
      </ul>
      {more}
    </>
  )
}

/** The name beside it says what it is. */
function Picture({ item }: { readonly item: Item }): JSX.Element {
  const small = isShowable(item) && (primaryField(item)?.size ?? Infinity) <= THUMBNAIL
  return (
    <div class={`picture ${kindOf(item).icon}`}>
      {small ? (
        <img src={item['@id']} alt="" loading="lazy" decoding="async" />
      ) : (
        <Icon name={kindOf(item).icon} />
      )}
    </div>
  )
}

function subtitle(item: Item): string {
  const field = primaryField(item)
  return field === null ? when(item.modified) : `${bytes(field.size)} · ${when(item.modified)}`
}
