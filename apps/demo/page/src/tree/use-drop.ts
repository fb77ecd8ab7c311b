import { useEffect, useRef, useState } from 'preact/hooks'
import { nameOf } from '../api/content.ts'
import type { Folder, Item } from '../api/types.ts'
import { sendDropped } from '../uploads/dropped.ts'

/** Where files that are over the page would go. */
export interface Aim {
  readonly name: string
  readonly mayAdd: boolean
}

/**
 * Takes files and folders that are dropped anywhere on the page: into the open folder, or into one
 * that is shown. Says where they would go while they are over it, and null while they are not.
 */
export function useDrop(folder: Folder | null, path: readonly string[]): Aim | null {
  const [over, setOver] = useState<Aim | null>(null)
  const depth = useRef(0)

  useEffect(() => {
    const leave = (): void => {
      depth.current = 0
      setOver(null)
    }
    const onEnter = (event: DragEvent): void => {
      if (concerns(event)) depth.current += 1
    }
    const onLeave = (event: DragEvent): void => {
      if (concerns(event) && --depth.current <= 0) leave()
    }
    const onOver = (event: DragEvent): void => {
      if (!concerns(event) || event.dataTransfer === null || folder === null) return
      const aimed = under(event, folder)
      const mayAdd = aimed.rights.includes('add')
      event.preventDefault()
      event.dataTransfer.dropEffect = mayAdd ? 'copy' : 'none'
      setOver((now) => (now?.name === nameOf(aimed) ? now : { name: nameOf(aimed), mayAdd }))
    }
    const onDrop = (event: DragEvent): void => {
      if (!concerns(event)) return
      event.preventDefault()
      leave()
      if (folder === null || event.dataTransfer === null) return
      const aimed = under(event, folder)
      if (!aimed.rights.includes('add')) return
      const ids = aimed === folder ? path : [...path, aimed.id]
      const target = { folderUrl: aimed['@id'], folderPath: `/${ids.join('/')}` }
      void sendDropped(event.dataTransfer, target)
    }
    addEventListener('dragenter', onEnter)
    addEventListener('dragleave', onLeave)
    addEventListener('dragover', onOver)
    addEventListener('drop', onDrop)
    return () => {
      removeEventListener('dragenter', onEnter)
      removeEventListener('dragleave', onLeave)
      removeEventListener('dragover', onOver)
      removeEventListener('drop', onDrop)
    }
  }, [folder, path.join('/')])
  return over
}

/** Files that are dropped where nobody takes them must not lead the browser away from the page. */
export function ignoreStrayDrops(): void {
  const ignore = (event: DragEvent): void => {
    if (event.defaultPrevented || event.dataTransfer === null) return
    event.preventDefault()
    event.dataTransfer.dropEffect = 'none'
  }
  addEventListener('dragover', ignore)
  addEventListener('drop', ignore)
}

/** Dialogs, Uppy's among them, are for themselves. */
function concerns({ dataTransfer, target }: DragEvent): boolean {
  if (dataTransfer?.types.includes('Files') !== true) return false
  return !(target instanceof Element) || target.closest('dialog, .uppy-Root') === null
}

/** The folder under the pointer, if it takes files; the open one otherwise. */
function under({ target }: DragEvent, open: Folder): Item {
  const row = target instanceof Element ? target.closest('[data-folder]') : null
  const id = row?.getAttribute('data-folder') ?? null
  const inner = open.items.find((item) => item.is_folderish && item.id === id)
  return inner?.rights.includes('add') === true ? inner : open
}
