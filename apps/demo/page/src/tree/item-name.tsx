import type { JSX } from 'preact'
import { nameOf } from '../api/content.ts'
import type { Item } from '../api/types.ts'
import { folderHref } from '../route/address.ts'
import { Icon } from '../ui/icon.tsx'
import type { Ask } from './dialogs.tsx'
import { isShowable, kindOf } from './kinds.ts'

/** What opening an object needs to know. */
export interface ItemProps {
  readonly item: Item
  /** Path of ids of the folder it is in. */
  readonly path: readonly string[]
  readonly ask: (ask: Ask) => void
}

/** What something is, as a drawing and a word. */
export function ItemIcon({ item }: { readonly item: Item }): JSX.Element {
  const { icon, word } = kindOf(item)
  return (
    <span class={`kind ${icon}`}>
      <Icon name={icon} />
      <span class="unseen">{word}: </span>
    </span>
  )
}

/** The name, which opens it: a folder is gone to, an image shown, all else downloaded. */
export function ItemName({ item, path, ask }: ItemProps): JSX.Element {
  const name = nameOf(item)
  if (item.is_folderish) {
    return (
      <a class="name" title={name} href={folderHref([...path, item.id])}>
        {name}
      </a>
    )
  }
  if (isShowable(item)) {
    return (
      <button
        type="button"
        class="name"
        title={name}
        onClick={() => ask({ kind: 'preview', item })}
      >
        {name}
      </button>
    )
  }
  return (
    <a class="name" title={name} href={item['@id']} download="">
      {name}
    </a>
  )
}
