import { primaryField } from '../api/content.ts'
import type { Item } from '../api/types.ts'
import type { IconName } from '../ui/icon.tsx'

/** Media types that browsers show and that the server sends inline. */
const SHOWABLE = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
  'image/avif',
  'image/bmp',
])

/** Whether the page can show an object as an image. */
export function isShowable(item: Item): boolean {
  const type = primaryField(item)?.['content-type'].split(';')[0]?.trim().toLowerCase()
  return SHOWABLE.has(type ?? '')
}

/** The icon and the word for the kind of an object. */
export function kindOf(item: Item): { readonly icon: IconName; readonly word: string } {
  if (item.is_folderish) return { icon: 'folder', word: 'Folder' }
  const type = primaryField(item)?.['content-type'] ?? ''
  if (type.startsWith('image/')) return { icon: 'image', word: 'Image' }
  if (type.startsWith('video/')) return { icon: 'video', word: 'Video' }
  if (type.startsWith('audio/')) return { icon: 'audio', word: 'Audio' }
  if (/zip|x-tar|gzip|compressed|x-7z/.test(type)) return { icon: 'archive', word: 'Archive' }
  if (type === 'application/pdf') return { icon: 'text', word: 'PDF' }
  if (/^text\/|json|xml|word|document|sheet|presentation/.test(type))
    return { icon: 'text', word: 'Document' }
  return { icon: 'file', word: 'File' }
}
