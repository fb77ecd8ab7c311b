import type { UploadInfo } from '../model/upload.ts'

/** A report of what happened. A listener cannot delay or fail a request. */
export type UploadEvent =
  | { readonly type: 'created'; readonly upload: UploadInfo }
  /** The store committed bytes. At most one a second for each request, and always one for the last bytes. */
  | { readonly type: 'progress'; readonly upload: UploadInfo }
  | { readonly type: 'completed'; readonly upload: UploadInfo }
  /** The `onComplete` hook rejected the upload, for good. */
  | { readonly type: 'rejected'; readonly upload: UploadInfo }
  | {
      readonly type: 'removed'
      readonly id: string
      readonly reason: 'terminated' | 'expired'
    }
  /** A store or a hook threw an unexpected error. The client got no details of it. */
  | {
      readonly type: 'failed'
      readonly id: string | null
      readonly error: unknown
    }
