import { request, requestJson, withJson } from './http.ts'
import type { Field, Folder, Item } from './types.ts'

/** The URL of what a path of ids leads to, for when no answer has named it yet. */
export function contentUrl(path: readonly string[]): string {
  return ['content', ...path.map(encodeURIComponent)].join('/')
}

/** A folder with what is in it. */
export async function readFolder(path: readonly string[], signal: AbortSignal): Promise<Folder> {
  // A file would answer with its bytes.
  const item = path.length === 0 ? null : await readItem(path, signal)
  if (item !== null && !item.is_folderish) return { ...item, items: [] }
  return await requestJson(contentUrl(path), { signal })
}

/** What the folder at a URL holds. */
export async function readItems(folderUrl: string): Promise<readonly Item[]> {
  return (await requestJson<Folder>(folderUrl)).items
}

/** The description of anything. */
export function readItem(path: readonly string[], signal: AbortSignal): Promise<Item> {
  return requestJson(`${contentUrl(path)}/@info`, { signal })
}

/** Makes a folder; a title that is taken gives way to a free one. */
export function addFolder(parent: string, title: string): Promise<Item> {
  return requestJson(parent, withJson('POST', { '@type': 'Folder', title }))
}

/** Makes a folder with this very id. @throws ApiError `id_taken` */
export function addFolderNamed(parent: string, id: string): Promise<Item> {
  return requestJson(parent, withJson('POST', { '@type': 'Folder', id, title: id }))
}

/** Removes an object with all it holds. */
export async function removeItem(item: Item): Promise<void> {
  await request(item['@id'], { method: 'DELETE' })
}

/** What people call an object. */
export function nameOf(item: Item): string {
  return (item.title ?? item.id) || 'Files'
}

/** The blob that an object is about; null for a folder. */
export function primaryField(item: Item): Field | null {
  return item.fields.find(({ primary }) => primary) ?? null
}
