import { useEffect, useRef } from 'preact/hooks'
import { nameOf } from '../api/content.ts'
import type { Folder, Item } from '../api/types.ts'
import { sendDropped } from '../uploads/dropped.ts'
import { dropTarget } from './drop-target.ts'

/**
 * Uploads files and folders that are dropped on the page: to the folder whose row or tile is under
 * the pointer, or else to the open folder. Sets `dropTarget` while they are dragged over the page.
 */
export function useDrop(folder: Folder | null, path: readonly string[]): void {
  const depth = useRef(0)

  useEffect(() => {
    const leave = (): void => {
      depth.current = 0
      dropTarget.value = null
    }
    const onEnter = (event: DragEvent): void => {
      if (isForPage(event)) depth.current += 1
    }
    const onLeave = (event: DragEvent): void => {
      if (isForPage(event) && --depth.current <= 0) leave()
    }
    const onOver = (event: DragEvent): void => {
      if (!isForPage(event) || event.dataTransfer === null || folder === null) return
      const under = folderUnder(event, folder)
      const mayAdd = under.rights.includes('add')
      event.preventDefault()
      event.dataTransfer.dropEffect = mayAdd ? 'copy' : 'none'
      const id = under === folder ? null : under.id
      const before = dropTarget.peek()
      if (before === null || before.id !== id)
        dropTarget.value = { name: nameOf(under), mayAdd, id }
    }
    const onDrop = (event: DragEvent): void => {
      if (!isForPage(event)) return
      event.preventDefault()
      leave()
      if (folder === null || event.dataTransfer === null) return
      const under = folderUnder(event, folder)
      if (!under.rights.includes('add')) return
      const ids = under === folder ? path : [...path, under.id]
      const destination = { folderUrl: under['@id'], folderPath: `/${ids.join('/')}` }
      void sendDropped(event.dataTransfer, destination)
    }
    addEventListener('dragenter', onEnter)
    addEventListener('dragleave', onLeave)
    addEventListener('dragover', onOver)
    addEventListener('drop', onDrop)
    return () => {
      leave()
      removeEventListener('dragenter', onEnter)
      removeEventListener('dragleave', onLeave)
      removeEventListener('dragover', onOver)
      removeEventListener('drop', onDrop)
    }
  }, [folder, path.join('/')])
}

/** Keeps the browser from leaving the page when files are dropped where nothing takes them. */
export function ignoreStrayDrops(): void {
  const ignore = (event: DragEvent): void => {
    if (event.defaultPrevented || event.dataTransfer === null) return
    event.preventDefault()
    event.dataTransfer.dropEffect = 'none'
  }
  addEventListener('dragover', ignore)
  addEventListener('drop', ignore)
}

/** Whether files are over the page itself, and not over a dialog, such as Uppy's. */
function isForPage({ dataTransfer, target }: DragEvent): boolean {
  if (dataTransfer?.types.includes('Files') !== true) return false
  return !(target instanceof Element) || target.closest('dialog, .uppy-Root') === null
}

/** The folder whose row or tile is under the pointer if it takes files, else the open folder. */
function folderUnder({ target }: DragEvent, open: Folder): Item {
  const row = target instanceof Element ? target.closest('[data-folder]') : null
  const id = row?.getAttribute('data-folder') ?? null
  const inner = open.items.find((item) => item.is_folderish && item.id === id)
  return inner?.rights.includes('add') === true ? inner : open
}
