import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { nameOf, primaryField } from '../api/content.ts'
import type { Folder, Item } from '../api/types.ts'
import { Dialog } from '../ui/dialog.tsx'
import { bytes } from '../ui/format.ts'
import { Icon } from '../ui/icon.tsx'
import { isShowable } from './kinds.ts'
import { order, sorted } from './order.ts'

/** Shows an image. The arrow keys show the other images of the folder. */
export function Preview(props: {
  readonly item: Item
  readonly folder: Folder
  readonly onMove: (item: Item) => void
  readonly onClose: () => void
}): JSX.Element {
  const { item, folder, onMove, onClose } = props
  const images = sorted(folder.items, order.value).filter(isShowable)
  const at = images.findIndex(({ UID }) => UID === item.UID)
  const before = images[at - 1]
  const after = images[at + 1]
  const move = (to: Item | undefined): void => (to === undefined ? undefined : onMove(to))

  useEffect(() => {
    const onKey = ({ key }: KeyboardEvent): void => {
      if (key === 'ArrowLeft') move(before)
      if (key === 'ArrowRight') move(after)
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [item, folder])

  return (
    <Dialog title={nameOf(item)} class="preview" onClose={onClose}>
      <Picture item={item} key={item['@id'] + item.modified} />
      <footer>
        <p>
          {at + 1} of {images.length} · {bytes(primaryField(item)?.size ?? 0)}
        </p>
        <button
          type="button"
          class="icon-button"
          aria-label="Previous image"
          disabled={before === undefined}
          onClick={() => move(before)}
        >
          <Icon name="back" />
        </button>
        <button
          type="button"
          class="icon-button"
          aria-label="Next image"
          disabled={after === undefined}
          onClick={() => move(after)}
        >
          <Icon name="chevron" />
        </button>
        <a class="button" href={item['@id']} download="">
          <Icon name="download" />
          Download
        </a>
      </footer>
    </Dialog>
  )
}

function Picture({ item }: { readonly item: Item }): JSX.Element {
  const [broken, setBroken] = useState(false)
  return (
    <div class="preview-picture">
      {broken ? (
        <p role="alert">
          Can't show this image. It may be damaged, or your browser does not support its format.
        </p>
      ) : (
        <img src={item['@id']} alt={nameOf(item)} onError={() => setBroken(true)} />
      )}
    </div>
  )
}
