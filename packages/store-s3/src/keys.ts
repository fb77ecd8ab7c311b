import { newName } from './records/record.ts'

/** Which object is kept under which key. Ids and chosen keys never begin with a full stop. */
export interface Keys {
  /** Begins the keys of all records. */
  readonly records: string
  /** Begins the keys of all pieces. */
  readonly tails: string
  /** Begins all keys. */
  readonly all: string
  /** The key of a finished object by the name it has below the prefix. */
  object(name: string): string
  /** A key for a piece of an upload, which no other piece has. */
  piece(id: string): string
  /** The id of the upload that a piece belongs to. */
  ownerOf(pieceKey: string): string
  /** The key of an object for the check at start. */
  probe(): string
}

export function keysUnder(prefix: string): Keys {
  const inside = `${prefix}.tusker/`
  const tails = `${inside}tails/`
  return {
    all: prefix,
    records: `${inside}records/`,
    tails,
    object: (name) => `${prefix}${name}`,
    piece: (id) => `${tails}${id}/${newName()}`,
    ownerOf: (key) => key.slice(tails.length).split('/')[0] ?? '',
    probe: () => `${inside}check/${newName()}`,
  }
}
