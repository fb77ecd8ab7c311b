import type { JSX } from 'preact'
import { nameOf, removeItem } from '../api/content.ts'
import type { Item } from '../api/types.ts'
import { Confirm } from '../ui/confirm.tsx'
import { announce } from '../ui/messages.ts'
import { folderChanged } from './changes.ts'

/** Asks whether something is really to be removed, and removes it. */
export function Remove(props: {
  readonly item: Item
  readonly path: readonly string[]
  readonly onClose: () => void
}): JSX.Element {
  const { item, path, onClose } = props
  const name = nameOf(item)
  return (
    <Confirm
      title={item.is_folderish ? 'Remove this folder?' : 'Remove this file?'}
      action="Remove"
      onClose={onClose}
      onConfirm={async () => {
        await removeItem(item)
        announce(`${name} is removed.`)
        // The button that led here goes away with it.
        requestAnimationFrame(() => document.getElementById('main')?.focus())
        folderChanged(`/${path.join('/')}`)
      }}
    >
      <p>
        <b>{name}</b> {item.is_folderish ? 'and all that is in it' : ''} will be gone for good.
      </p>
    </Confirm>
  )
}
