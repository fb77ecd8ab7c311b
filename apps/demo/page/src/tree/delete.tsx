import type { JSX } from 'preact'
import { deleteItem, nameOf } from '../api/content.ts'
import type { Item } from '../api/types.ts'
import { Confirm } from '../ui/confirm.tsx'
import { notify } from '../ui/messages.ts'
import { folderChanged } from './changes.ts'

/** Asks before it deletes an object. */
export function Delete(props: {
  readonly item: Item
  readonly path: readonly string[]
  readonly onClose: () => void
}): JSX.Element {
  const { item, path, onClose } = props
  const name = nameOf(item)
  return (
    <Confirm
      title={item.is_folderish ? 'Delete folder?' : 'Delete file?'}
      action="Delete"
      onClose={onClose}
      onConfirm={async () => {
        await deleteItem(item)
        notify(`“${name}” deleted.`)
        // The button that opened the dialog is gone.
        requestAnimationFrame(() => document.getElementById('main')?.focus())
        folderChanged(`/${path.join('/')}`)
      }}
    >
      <p>
        “{name}” {item.is_folderish ? 'and everything in it ' : ''}will be permanently deleted.
      </p>
    </Confirm>
  )
}
