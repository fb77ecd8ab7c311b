import type { JSX } from 'preact'
import { nameOf } from '../api/content.ts'
import { folderHref } from '../route/address.ts'
import type { MenuItem } from '../ui/menu.tsx'
import { Menu } from '../ui/menu.tsx'
import type { ItemProps } from './item-name.tsx'
import { isShowable } from './kinds.ts'
import { replace } from './replace.ts'

/** The menu of actions on an object. */
export function ItemMenu({ item, path, open }: ItemProps): JSX.Element {
  const mayModify = item.rights.includes('modify')
  const items: (MenuItem | false)[] = [
    item.is_folderish && { icon: 'folder', text: 'Open', href: folderHref([...path, item.id]) },
    isShowable(item) && {
      icon: 'eye',
      text: 'Preview',
      onChoose: () => open({ kind: 'preview', item }),
    },
    !item.is_folderish && { icon: 'download', text: 'Download', href: item['@id'], download: true },
    mayModify &&
      !item.is_folderish && {
        icon: 'replace',
        text: 'Replace…',
        onChoose: () => void replace(item, path),
      },
    mayModify && {
      icon: 'trash',
      text: 'Delete…',
      danger: true,
      onChoose: () => open({ kind: 'delete', item }),
    },
  ]
  return (
    <Menu label={`Actions for ${nameOf(item)}`} items={items.filter((each) => each !== false)} />
  )
}
