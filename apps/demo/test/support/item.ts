import type { Item } from '../../page/src/api/types.ts'

/** An object as the server describes it: a folder if `size` is null, else a file of so many bytes. */
export function item(
  id: string,
  size: number | null,
  modified: string = '2026-01-01T00:00:00Z',
  title: string = id,
): Item {
  const field = { name: 'file', primary: true, filename: id, 'content-type': 'x/y', download: '' }
  return {
    '@id': `/content/${id}`,
    '@type': size === null ? 'Folder' : 'File',
    UID: id,
    id,
    title,
    created: modified,
    modified,
    is_folderish: size === null,
    rights: ['view'],
    fields: size === null ? [] : [{ ...field, size }],
  }
}
