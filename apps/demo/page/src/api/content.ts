import { request, requestJson, withJson } from './http.ts'
import type { Field, Folder, Item } from './types.ts'

/** The URL of the object at a path of ids, for as long as no response has named it. */
export function contentUrl(path: readonly string[]): string {
  return ['content', ...path.map(encodeURIComponent)].join('/')
}

/** Items of a part of a listing: the most that the server sends at once. */
const PART = 500

/**
 * A folder with all its items. The server sends long folders in parts: `onPart` gets the folder as far as it is
 * known.
 */
export async function readFolder(
  path: readonly string[],
  signal: AbortSignal,
  onPart: (folder: Folder) => void = () => {},
): Promise<Folder> {
  // A request for a file would get its bytes.
  const item = path.length === 0 ? null : await readItem(path, signal)
  if (item !== null && !item.is_folderish) return { ...item, items: [] }
  return await readParts(contentUrl(path), { signal, onPart })
}

/** The items of the folder at a URL. */
export async function readItems(folderUrl: string): Promise<readonly Item[]> {
  return (await readParts(folderUrl)).items
}

async function readParts(
  url: string,
  { signal, onPart }: { signal?: AbortSignal; onPart?: (folder: Folder) => void } = {},
): Promise<Folder> {
  const init = signal === undefined ? {} : { signal }
  let folder = await requestJson<Part>(`${url}?b_size=${PART}`, init)
  while (folder.batching?.next !== undefined) {
    onPart?.(folder)
    const part = await requestJson<Part>(folder.batching.next, init)
    folder = { ...part, items: joined(folder.items, part.items) }
  }
  return folder
}

interface Part extends Folder {
  readonly batching?: { readonly next?: string }
}

/** An object that was added meanwhile moves others into the next part, where they come again. */
function joined(items: readonly Item[], more: readonly Item[]): readonly Item[] {
  const known = new Set(items.map(({ id }) => id))
  return [...items, ...more.filter(({ id }) => !known.has(id))]
}

/** The description of an object. */
export function readItem(path: readonly string[], signal: AbortSignal): Promise<Item> {
  return requestJson(`${contentUrl(path)}/@info`, { signal })
}

/** Makes a folder with this title. The server chooses a free id. */
export function addFolder(parent: string, title: string): Promise<Item> {
  return requestJson(parent, withJson('POST', { '@type': 'Folder', title }))
}

/** Makes a folder with exactly this id. @throws ApiError `id_taken` */
export function addFolderNamed(parent: string, id: string): Promise<Item> {
  return requestJson(parent, withJson('POST', { '@type': 'Folder', id, title: id }))
}

/** Deletes an object and everything in it. */
export async function deleteItem(item: Item): Promise<void> {
  await request(item['@id'], { method: 'DELETE' })
}

/** The name of an object that people see. */
export function nameOf(item: Item): string {
  return (item.title ?? item.id) || 'Files'
}

/** The primary blob of an object; null for a folder. */
export function primaryField(item: Item): Field | null {
  return item.fields.find(({ primary }) => primary) ?? null
}
