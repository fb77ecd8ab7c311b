/**
 * Bytes in a piece: what Redis copies and sends at once, and no other command waits long for. With what
 * Redis adds they fit into 512 KiB: its allocator gives a quarter more to a value that is larger by a byte.
 */
export const PIECE: number = 512 * 1024 - 64

/**
 * The names of keys. The keys of one upload have its id in braces: Redis Cluster chooses the slot by the
 * text in braces.
 */
export interface Layout {
  record(id: string): string
  /** @param generation tells an upload from others that had the same id */
  piece(id: string, generation: string, number: number): string
  /** Matches records and nothing else. Ids hold no braces. */
  readonly records: string
  /** The id of the upload that has this record. */
  idOf(record: string): string
}

/**
 * @param prefix begins every key
 * @param kind what is kept, so that several things can share a prefix
 */
export function layoutOf(prefix: string, kind: string): Layout {
  // Redis takes a whole key for its slot if the first braces are empty.
  if (/^[^{]*\{\}/.test(prefix)) throw new TypeError('the prefix of keys must not hold {}')
  const base = `${prefix}${kind}:`
  const record = (id: string): string => `${base}{${id}}`
  return {
    record,
    piece: (id, generation, number) => `${record(id)}:${generation}:${number}`,
    records: `${base.replace(/[\\*?[\]]/g, '\\$&')}{*}`,
    idOf: (key) => key.slice(base.length + 1, -1),
  }
}

/** Bytes of an upload that lie in one piece. */
export interface Span {
  readonly number: number
  /** The position in the piece. */
  readonly at: number
  readonly length: number
}

/** The pieces that hold the bytes from `start` up to, not including, `end`. */
export function* spansOf(start: number, end: number): Generator<Span> {
  for (let from = start; from < end; ) {
    const at = from % PIECE
    const length = Math.min(PIECE - at, end - from)
    yield { number: Math.floor(from / PIECE), at, length }
    from += length
  }
}
