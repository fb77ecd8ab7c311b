import type { ComponentChildren, JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { nameOf } from '../api/content.ts'
import type { Folder } from '../api/types.ts'
import { sendDropped } from '../uploads/dropped.ts'
import { Icon } from '../ui/icon.tsx'

/** Takes files and folders that are dropped anywhere on it: into the open folder, or into one that is shown. */
export function DropZone(props: {
  readonly folder: Folder | null
  readonly path: readonly string[]
  readonly children: ComponentChildren
}): JSX.Element {
  const { folder, path } = props
  const mayAdd = folder?.rights.includes('add') ?? false
  const depth = useRef(0)
  const [over, setOver] = useState<string | null>(null)

  /** The folder under the pointer that takes files; the open one when there is none. */
  function aim(event: DragEvent): Folder | Folder['items'][number] | null {
    const row = event.target instanceof Element ? event.target.closest('[data-folder]') : null
    const id = row?.getAttribute('data-folder')
    const inner = folder?.items.find((item) => item.is_folderish && item.id === id)
    return inner?.rights.includes('add') === true ? inner : folder
  }

  function leave(): void {
    depth.current = 0
    setOver(null)
  }

  return (
    <div
      class={`drop-zone ${over === null ? '' : 'dropping'}`}
      onDragEnter={(event) => {
        if (hasFiles(event)) depth.current += 1
      }}
      onDragOver={(event) => {
        if (!hasFiles(event)) return
        event.preventDefault()
        if (event.dataTransfer !== null) event.dataTransfer.dropEffect = mayAdd ? 'copy' : 'none'
        const aimed = aim(event)
        setOver(aimed === null ? '' : nameOf(aimed))
      }}
      onDragLeave={(event) => {
        if (!hasFiles(event)) return
        depth.current -= 1
        if (depth.current <= 0) leave()
      }}
      onDrop={(event) => {
        if (!hasFiles(event)) return
        event.preventDefault()
        leave()
        const aimed = aim(event)
        if (!mayAdd || aimed === null || event.dataTransfer === null) return
        const ids = aimed === folder ? path : [...path, aimed.id]
        void sendDropped(event.dataTransfer, {
          folderUrl: aimed['@id'],
          folderPath: `/${ids.join('/')}`,
        })
      }}
    >
      {props.children}
      {over === null ? null : (
        <p class="drop-hint">
          <Icon name={mayAdd ? 'upload' : 'warning'} />
          {mayAdd ? `Drop to upload to “${over}”` : 'You may not add to this folder'}
        </p>
      )}
    </div>
  )
}

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false
}
