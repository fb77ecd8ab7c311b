import type { UploadMetadata } from '../grammar/metadata.ts'
import type { HeaderFields } from '../model/http.ts'
import type { Size } from '../options/quantity.ts'
import type { FinalResponse, NewUpload, UploadDigest, UploadInfo } from '../model/upload.ts'

/** The operation that a client asks for, or that the server is about to run. */
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

/**
 * What `authorize` returns. Nothing means that the owner of the upload may do this. `'allow'` means that the
 * caller may do this with the upload of another owner as well, for example as a moderator.
 */
export type AuthorizeResult = 'allow' | void

/** The changes that the application makes to an upload before it exists. */
export interface CreateChanges {
  /** Must be a valid upload id; see `isUploadId`. If the id is taken, the server refuses with `id_taken`. */
  readonly id?: string
  /** Replaces `Upload-Metadata`, in its wire form. */
  readonly metadata?: string
  readonly attributes?: Readonly<Record<string, string>>
  /** Fields to add to the response to the creation. The protocol sets its own fields after them. */
  readonly headers?: HeaderFields
  /**
   * The most bytes of this upload, for example the quota of its user: a number, or text such as `'2GiB'`.
   * It holds until the upload ends, besides the limit of the server.
   */
  readonly maxLength?: Size
}

/** The result of a completed upload. */
export interface CompletionResult {
  /** Where the result is: a path below the host's prefix, or an absolute URL. */
  readonly location?: string
  readonly response?: FinalResponse
  /**
   * False if the application has put the bytes elsewhere. The store removes its own with the outcome, so they
   * take space once. The record stays, for a client that lost the response. True by default.
   */
  readonly keepBytes?: boolean
}

/**
 * Functions of the application that decide about a request. If a hook throws an `UploadError`, the server
 * refuses the request with its message. After any other error the client does not get the message.
 *
 * `context` is the value that the adapter passed. It is null when no client asked, for example in a sweep.
 *
 * @typeParam Extra - fields that an upload has in hooks, besides those that the store keeps
 */
export interface EngineHooks<Context, Extra> {
  /**
   * Returns the name of the user that sent the request, or null for an unknown user. The server records the
   * name as `owner` at creation. Only its owner can use an upload that has one, and a caller for whom
   * `authorize` returns `'allow'`.
   */
  identify?(context: Context): Awaitable<string | null>

  /**
   * Runs before every operation, and again before an upload is completed. It runs for callers that are not
   * the owner of the upload, too: they are refused afterwards unless it returns `'allow'`.
   */
  authorize?(
    action: UploadAction,
    upload: (NewUpload | UploadInfo) & Extra,
    context: Context | null,
  ): Awaitable<AuthorizeResult>

  /** Runs before the upload exists, and may change it. */
  beforeCreate?(upload: NewUpload & Extra, context: Context): Awaitable<CreateChanges | void>

  /**
   * Runs under the lease when all bytes of an upload are there. The server records its result, or the
   * rejection if it throws an `UploadError` with the code `rejected`. After any other error, or a crash of
   * the process, it runs again with the next request or sweep, so make it idempotent.
   *
   * `digest` is the digest of all the bytes, or null if the server keeps none.
   */
  onComplete?(
    upload: UploadInfo & Extra,
    context: Context | null,
    digest: UploadDigest | null,
  ): Awaitable<CompletionResult | void>
}

/** The parsed metadata that an upload has in hooks. */
export interface WithMetadata<Values> {
  /** The output of the `metadata` schema, or a map from keys to bytes if there is no schema. */
  readonly parsedMetadata: Values
}

/**
 * The hooks of an upload server.
 *
 * @typeParam Context - the value that the adapter passes
 * @typeParam Values - the output of the `metadata` schema
 */
export type UploadHooks<Context = unknown, Values = UploadMetadata> = EngineHooks<
  Context,
  WithMetadata<Values>
>
