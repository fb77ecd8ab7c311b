/** An upload, as those who watch see it. */
export interface Seen {
  readonly id: string
  /** What its client calls it; its id when that says nothing. */
  readonly name: string
  /** In bytes; null until the client declares it. */
  readonly length: number | null
  /** In bytes. */
  readonly offset: number
}

/** Something worth a line. */
export type Notice =
  | { readonly kind: 'started' | 'resumed' | 'paused' | 'rejected'; readonly upload: Seen }
  | {
      readonly kind: 'completed'
      readonly upload: Seen
      /** The name of the file that it became. */
      readonly file: string | null
      /** Milliseconds since this process saw it begin; null if it did not. */
      readonly took: number | null
    }
  | { readonly kind: 'removed'; readonly id: string; readonly reason: 'terminated' | 'expired' }
  | { readonly kind: 'failed'; readonly id: string | null; readonly error: unknown }

/** An upload to which bytes come. */
export interface Running extends Seen {
  /** Bytes in a second, lately; null while that cannot be told. */
  readonly speed: number | null
}
