/** An upload, as a progress event shows it. */
export interface UploadState {
  readonly id: string
  /** The file name that the client sent; the id when it sent none. */
  readonly name: string
  /** Bytes; null until the client declares it. */
  readonly length: number | null
  /** Bytes. */
  readonly offset: number
}

/** Something that happened to an upload or to the server, reported as one line. */
export type ProgressEvent =
  | {
      readonly kind: 'started' | 'resumed' | 'paused' | 'rejected'
      readonly upload: UploadState
    }
  | {
      readonly kind: 'completed'
      readonly upload: UploadState
      /** The name of the file in the directory of `--into`; null without one. */
      readonly file: string | null
      /** Milliseconds since this process saw the upload start; null when another process did. */
      readonly took: number | null
    }
  | { readonly kind: 'removed'; readonly id: string; readonly reason: 'terminated' | 'expired' }
  | { readonly kind: 'failed'; readonly id: string | null; readonly error: unknown }
  | {
      readonly kind: 'refused'
      readonly method: string
      readonly path: string
      readonly status: number
      readonly code: string
    }
  | { readonly kind: 'listening'; readonly url: string }
  | { readonly kind: 'stopping' }

/** An upload that is receiving bytes. */
export interface RunningUpload extends UploadState {
  /** Bytes a second over the last seconds; null until it can be measured. */
  readonly speed: number | null
}
