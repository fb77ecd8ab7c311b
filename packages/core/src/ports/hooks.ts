import type { UploadMetadata } from '../grammar/metadata.ts'
import type { FinalResponse, NewUpload, UploadDigest, UploadInfo } from '../model/upload.ts'

/** What somebody is about to do with an upload. */
export type UploadAction =
  | 'create'
  | 'inspect'
  | 'append'
  | 'complete'
  | 'remove'
  | 'read'
  | 'concatenate'

/** A value or the promise of one. */
export type Awaitable<Value> = Value | Promise<Value>

/** What a host may change about an upload before it exists. */
export interface CreateChanges {
  /** Must be a valid upload id; see `isUploadId`. A taken one is refused as `id_taken`. */
  readonly id?: string
  /** Replaces `Upload-Metadata`, in its wire form. */
  readonly metadata?: string
  readonly attributes?: Readonly<Record<string, string>>
}

/** What a host makes of a completed upload. */
export interface CompletionResult {
  /** Where the result is: a path below the host's prefix, or an absolute URL. */
  readonly location?: string
  readonly response?: FinalResponse
}

/**
 * Decisions a host makes while a request is handled. A thrown `UploadError` refuses the request with
 * its message; anything else thrown is unexpected, and answered without its message.
 *
 * `context` is what the adapter passed along, and null when the server acts on its own, as the
 * sweeper does.
 *
 * @typeParam Extra - what uploads carry besides the store's knowledge of them
 */
export interface EngineHooks<Context, Extra> {
  /**
   * Names who is asking. The name is recorded as `owner` at creation, and an upload that has an
   * owner answers to nobody else. Null for somebody unknown.
   */
  identify?(context: Context): Awaitable<string | null>

  /** Runs for every operation before anything happens, and again before an upload is completed. */
  authorize?(
    action: UploadAction,
    upload: (NewUpload | UploadInfo) & Extra,
    context: Context | null,
  ): Awaitable<void>

  /** Last look at an upload before it exists. */
  beforeCreate?(upload: NewUpload & Extra, context: Context): Awaitable<CreateChanges | void>

  /**
   * Makes something of an upload whose bytes are all there. Runs under the lease until it returns or
   * throws `UploadError` with the code `rejected`; either is recorded for good. After any other throw,
   * or the death of the process, it runs again with the next request or sweep: make it idempotent.
   *
   * `digest` is that of all the bytes, when the server keeps one.
   */
  onComplete?(
    upload: UploadInfo & Extra,
    context: Context | null,
    digest: UploadDigest | null,
  ): Awaitable<CompletionResult | void>
}

/** What uploads carry in hooks: their metadata, read. */
export interface WithMetadata<Values> {
  /** `Upload-Metadata` as the `metadata` schema gave it, or a map of bytes without a schema. */
  readonly parsedMetadata: Values
}

/**
 * The hooks of an upload server.
 *
 * @typeParam Context - what the adapter passes along
 * @typeParam Values - what the `metadata` schema makes of `Upload-Metadata`
 */
export type UploadHooks<Context = unknown, Values = UploadMetadata> = EngineHooks<
  Context,
  WithMetadata<Values>
>
