/** What a user may do with an object. */
export type Right = 'view' | 'add' | 'modify' | 'manage'

/** A blob of an object. */
export interface Field {
  readonly name: string
  readonly primary: boolean
  readonly filename: string | null
  readonly 'content-type': string
  /** Bytes. */
  readonly size: number
  readonly download: string
}

/** An object of the content tree, as the server describes it. */
export interface Item {
  readonly '@id': string
  readonly '@type': string
  readonly UID: string
  readonly id: string
  readonly title: string | null
  readonly created: string
  readonly modified: string
  readonly is_folderish: boolean
  readonly rights: readonly Right[]
  readonly fields: readonly Field[]
}

/** A folder with its items. */
export interface Folder extends Item {
  readonly items: readonly Item[]
}

/** The name and the password of an account. */
export interface Account {
  readonly name: string
  readonly password: string
}

/** The session of a browser. */
export interface Session {
  readonly user: { readonly name: string } | null
  /** The account for trying out a demo without users of its own. */
  readonly demoAccount?: Account
}

/** An unfinished upload of any user. */
export interface LiveUpload {
  readonly id: string
  readonly url: string
  /** Decoded path of the folder it is uploaded to, or of the file that it replaces. */
  readonly context: string
  readonly contextUrl: string
  readonly mode: 'create' | 'replace'
  readonly fileName: string | null
  readonly mediaType: string
  readonly owner: string | null
  readonly mine: boolean
  /** Bytes. */
  readonly offset: number
  /** Bytes; null while the client has not declared it. */
  readonly length: number | null
  readonly createdAt: string
  /** Milliseconds since the last byte arrived, by the server's clock, when this was sent. */
  readonly idleFor: number
  readonly expiresAt: string | null
}

/** An upload that is no longer unfinished. */
export interface GoneUpload {
  readonly id: string
  readonly context: string
  readonly how: 'completed' | 'rejected' | 'removed'
  readonly location: string | null
}
