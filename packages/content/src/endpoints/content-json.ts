import type { HttpRequest } from '@tusker/core'
import type { Principal, Right } from '../access/access.ts'
import { rightsOn } from '../access/access.ts'
import { encodeContentPath } from '../paths/content-path.ts'
import type { Ports } from '../ports.ts'
import type { ContentField, ContentObject } from '../tree/content-tree.ts'

/** The names are those of plone.restapi, whose clients read them. */
export interface Description {
  readonly '@id': string
  readonly '@type': string
  readonly UID: string
  readonly id: string
  readonly title: string | null
  readonly created: string
  readonly modified: string
  readonly is_folderish: boolean
  /** The rights of the requesting user on the object. */
  readonly rights: readonly Right[]
  readonly fields: readonly FieldDescription[]
}

/** A field with content, as clients receive it. */
export interface FieldDescription {
  readonly name: string
  readonly primary: boolean
  readonly filename: string | null
  readonly 'content-type': string
  readonly size: number
  readonly download: string
}

/** The URL of an object for this client. */
export function urlOf(
  { urls }: Pick<Ports, 'urls'>,
  request: HttpRequest,
  base: string,
  path: string,
): string {
  return urls.locate(request, `${base}${encodeContentPath(path)}` || '/')
}

/** An object as clients receive it, with the rights of the user. */
export async function describe<Context>(
  { access }: Pick<Ports<Context>, 'access'>,
  object: ContentObject,
  { url, principal }: { readonly url: string; readonly principal: Principal | null },
): Promise<Description> {
  return {
    '@id': url,
    '@type': object.type,
    UID: object.uid,
    id: object.id,
    title: object.title,
    created: object.createdAt.toISOString(),
    modified: object.modifiedAt.toISOString(),
    is_folderish: object.container,
    rights: await rightsOn(access, principal, object.path),
    fields: [...object.fields.values()].map((field) => describeField(object, field, url)),
  }
}

function describeField(object: ContentObject, field: ContentField, url: string): FieldDescription {
  return {
    name: field.name,
    primary: field.name === object.primaryField,
    filename: field.fileName,
    'content-type': field.mediaType,
    size: field.length,
    download: `${url}/@download/${encodeURIComponent(field.name)}`,
  }
}
