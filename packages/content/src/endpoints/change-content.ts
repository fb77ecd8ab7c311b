import type { HttpResponse } from '@tusker/core'
import { UploadError } from '@tusker/core'
import { assertMay } from '../access/access.ts'
import { assertMayBelow } from './assert-may-below.ts'
import type { ContentRequest } from './content-request.ts'
import type { ContentRoute } from './content-routes.ts'
import { typeNamed } from '../content-types.ts'
import { INVISIBLE, isContentId } from '../paths/content-id.ts'
import type { ContentName } from '../paths/names.ts'
import { contentIdFor, freeNames } from '../paths/names.ts'
import type { Ports } from '../ports.ts'
import type { ContentObject } from '../tree/content-tree.ts'
import { describe, urlOf } from './content-json.ts'
import { readJsonObject } from './json-body.ts'

type ObjectRoute = Extract<ContentRoute, { readonly kind: 'object' }>

/** POST on a container: adds an empty container to it. An upload adds content with bytes. */
export async function addContainer<Context>(
  ports: Ports<Context>,
  call: ContentRequest<Context, ObjectRoute>,
): Promise<HttpResponse> {
  const { request, route } = call
  const principal = await call.principal()
  await assertMay(ports.access, principal, 'add', route.path)
  const parent = await ports.tree.find(route.path)
  if (parent?.container !== true) throw new UploadError('not_found', 'there is no container here')

  const { type, id, title: asked } = readRequestedContainer(await readJsonObject(request), ports)
  const author = { principal, upload: null }
  const draft = { container: route.path, type, title: asked }
  const { title = asked } = (await ports.hooks.beforeAdd?.(draft, author)) ?? {}
  const names = namesFor({ type, id, title })
  const content = { names, type, container: true, primaryField: null, blob: null }
  const object = await addOne(ports, route.path, content)
  await ports.hooks.added?.(object, author)

  const url = urlOf(ports, request, route.base, object.path)
  const description = await describe(ports, object, { url, principal })
  return {
    status: 201,
    headers: { location: url, 'content-type': 'application/json' },
    body: `${JSON.stringify(description)}\n`,
  }
}

/** DELETE: removes an object with everything below it. */
export async function removeContent<Context>(
  { access, tree, hooks }: Ports<Context>,
  call: ContentRequest<Context, ObjectRoute>,
): Promise<HttpResponse> {
  const principal = await call.principal()
  await assertMay(access, principal, 'modify', call.route.path)
  const object = await tree.find(call.route.path)
  if (object === null) throw new UploadError('not_found', 'there is no content at this path')
  if (object.path === '/') throw new UploadError('forbidden', 'the root cannot be removed')
  await assertMayBelow({ access, tree }, principal, object.path)
  if (await tree.remove(object.path)) await hooks.removed?.(object, { principal, upload: null })
  return { status: 204, headers: {} }
}

interface RequestedContainer {
  readonly type: string
  /** Null when the server chooses one. */
  readonly id: string | null
  readonly title: string | null
}

function readRequestedContainer(
  body: ReadonlyMap<string, unknown>,
  { types }: Pick<Ports, 'types'>,
): RequestedContainer {
  const type = textAt(body, '@type')
  const title = textAt(body, 'title')
  const id = textAt(body, 'id')
  if (type === null || typeNamed(types, type)?.container !== true) {
    throw new UploadError(
      'malformed_request',
      '@type: must be the type of a container, such as "Folder"',
    )
  }
  if (id !== null && !isContentId(id)) {
    throw new UploadError('malformed_request', 'id: must be a name without special characters')
  }
  if (title !== null && /^\.{0,2}$/.test(title.replace(INVISIBLE, '').trim())) {
    throw new UploadError('malformed_request', `title: cannot be "${title}"`)
  }
  return { type, id, title: title ?? id }
}

/** Uses an id that the client asks for, or refuses it. An id made of the title gets a number. */
function namesFor({ type, id, title }: RequestedContainer): Iterable<ContentName> {
  if (id !== null) return [{ id, title }]
  return freeNames({ id: contentIdFor(title ?? '', type.toLowerCase()), title }, 'container')
}

function textAt(body: ReadonlyMap<string, unknown>, key: string): string | null {
  const value = body.get(key)
  if (value === undefined || value === null || value === '') return null
  if (typeof value !== 'string' || value.length > 1000) {
    throw new UploadError('malformed_request', `${key}: must be text of at most 1000 characters`)
  }
  return value.normalize('NFC')
}

async function addOne<Context>(
  { tree }: Ports<Context>,
  path: string,
  content: Parameters<Ports['tree']['add']>[1],
): Promise<ContentObject> {
  const added = await tree.add(path, content)
  switch (added.kind) {
    case 'added':
      return added.object
    case 'taken':
      throw new UploadError('id_taken', 'there is already content with this id')
    case 'too_deep':
      throw new UploadError('malformed_request', 'the path of the content would be too long')
    case 'no_container':
      throw new UploadError('not_found', 'there is no container here')
  }
}
