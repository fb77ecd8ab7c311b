import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { primaryField } from '../api/content.ts'
import type { Item } from '../api/types.ts'
import { bytes, when } from '../ui/format.ts'
import { Icon } from '../ui/icon.tsx'
import { useKeptFocus } from '../ui/kept-focus.ts'
import { ItemName } from './item-name.tsx'
import { ItemMenu } from './item-menu.tsx'
import { isDropTarget } from './drop-target.ts'
import { isShowable, kindOf } from './kinds.ts'
import type { ListProps } from './list-props.ts'
import { usePages } from './pages.tsx'
import { order, sorted } from './order.ts'

/** The largest image, in bytes, that is its own thumbnail. */
const THUMBNAIL = 3_000_000

/** A folder as a grid of tiles, mainly for images. */
export function Grid({ folder, path, open }: ListProps): JSX.Element {
  useKeptFocus()
  const { shown, more } = usePages(sorted(folder.items, order.value), folder['@id'])
  return (
    <>
      <ul class="grid" aria-label="Folder contents">
        {shown.map((item) => (
          <li
            key={item.UID}
            data-folder={item.is_folderish ? item.id : undefined}
            class={isDropTarget(item) ? 'drop-target' : ''}
          >
            <Picture item={item} key={item.modified} />
            <div class="grid-text">
              <div>
                <span class="unseen">{kindOf(item).word}: </span>
                <ItemName item={item} path={path} open={open} />
                <p>{subtitle(item)}</p>
              </div>
              <ItemMenu item={item} path={path} open={open} />
            </div>
          </li>
        ))}
      </ul>
      {more}
    </>
  )
}

/** A thumbnail of an image that the browser can show, or else an icon. */
function Picture({ item }: { readonly item: Item }): JSX.Element {
  const [isBroken, setBroken] = useState(false)
  const isSmall = isShowable(item) && (primaryField(item)?.size ?? Infinity) <= THUMBNAIL
  return (
    <div class={`picture ${kindOf(item).icon}`}>
      {isSmall && !isBroken ? (
        <img
          src={item['@id']}
          alt=""
          loading="lazy"
          decoding="async"
          onError={() => setBroken(true)}
        />
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
