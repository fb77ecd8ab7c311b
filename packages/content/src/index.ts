export { contentServer } from './content-server.ts'
export type { ContentServer, ContentServerOptions } from './content-server.ts'
export type { ContentStore } from './ports.ts'

export { contentTypes } from './content-types.ts'
export type { ContentType, ContentTypes } from './content-types.ts'
export type { Author, ContentDraft, ContentHooks } from './content-hooks.ts'

export { rightsOn } from './access/access.ts'
export type { ContentAccess, Principal, Right } from './access/access.ts'
export { basicAccess } from './access/basic-access.ts'
export type { BasicAccessOptions } from './access/basic-access.ts'
export { hashPassword } from './access/passwords.ts'

export type { ContentUpload } from './uploads/content-upload.ts'
export { directoryTree } from './tree/directory-tree.ts'
export type { DirectoryTreeOptions } from './tree/directory-tree.ts'
export type { Durability } from './tree/sync-files.ts'
export type {
  Added,
  BlobSource,
  ContentField,
  ContentObject,
  ContentTree,
  NewBlob,
  NewContent,
  OpenBlob,
} from './tree/content-tree.ts'
export type { ContentPath } from './paths/content-path.ts'
export { isContentId } from './paths/content-id.ts'
export { readJsonObject } from './endpoints/json-body.ts'
