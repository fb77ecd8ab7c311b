import type { UploadInfo } from '../model/upload.ts'

/** Something that happened. Listeners observe; they cannot delay or fail a request. */
export type UploadEvent =
  | { readonly type: 'created'; readonly upload: UploadInfo }
  /** Bytes came to count. At most one a second for each request, and always one for the last bytes. */
  | { readonly type: 'progress'; readonly upload: UploadInfo }
  | { readonly type: 'completed'; readonly upload: UploadInfo }
  /** The `onComplete` hook rejected the upload, for good. */
  | { readonly type: 'rejected'; readonly upload: UploadInfo }
  | {
      readonly type: 'removed'
      readonly id: string
      readonly reason: 'terminated' | 'expired'
    }
  /** Something unexpected: a store or a hook threw. The client was told no details. */
  | {
      readonly type: 'failed'
      readonly id: string | null
      readonly error: unknown
    }
