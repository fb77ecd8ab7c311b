import type { JSX } from 'preact'
import { nameOf } from '../api/content.ts'
import type { Item } from '../api/types.ts'
import { folderHref } from '../route/address.ts'
import { Icon } from '../ui/icon.tsx'
import { FileName } from '../ui/file-name.tsx'
import type { FolderDialog } from './dialogs.tsx'
import { isShowable, kindOf } from './kinds.ts'

/** The properties of a component about an object. */
export interface ItemProps {
  readonly item: Item
  /** Path of ids of the folder that holds it. */
  readonly path: readonly string[]
  /** Opens a dialog about it. */
  readonly open: (dialog: FolderDialog) => void
}

/** The kind of an object, as an icon and a word. */
export function ItemIcon({ item }: { readonly item: Item }): JSX.Element {
  const { icon, word } = kindOf(item)
  return (
    <span class={`kind ${icon}`}>
      <Icon name={icon} />
      <span class="unseen">{word}: </span>
    </span>
  )
}

/** The name of an object: it opens a folder, shows an image, and downloads any other file. */
export function ItemName({ item, path, open }: ItemProps): JSX.Element {
  const name = nameOf(item)
  if (item.is_folderish) {
    return (
      <a class="name" title={name} aria-label={name} href={folderHref([...path, item.id])}>
        <FileName name={name} />
      </a>
    )
  }
  if (isShowable(item)) {
    return (
      <button
        type="button"
        class="name"
        title={name}
        aria-label={name}
        onClick={() => open({ kind: 'preview', item })}
      >
        <FileName name={name} />
      </button>
    )
  }
  return (
    <a class="name" title={name} aria-label={name} href={item['@id']} download="">
      <FileName name={name} />
    </a>
  )
}
