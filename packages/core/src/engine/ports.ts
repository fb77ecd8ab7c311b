import type { Capabilities } from './capabilities.ts'
import type { ChecksumProvider } from '../ports/checksums.ts'
import type { UploadEvent } from '../ports/events.ts'
import type { Awaitable, CompletionResult, CreateChanges, UploadAction } from '../ports/hooks.ts'
import type { Lease, Locker } from '../ports/locker.ts'
import type { Caller } from './commands.ts'
import type { UploadStore } from '../ports/store.ts'
import type { NewUpload, UploadDigest, UploadInfo } from '../model/upload.ts'

/** Everything that the operations of the engine use. Options have their defaults already. */
export interface Ports<Context> {
  readonly store: UploadStore
  readonly locker: Locker
  readonly hooks: CallerHooks<Context>
  /** Throws `UploadError` `malformed_request` for metadata that cannot be read. */
  readonly assertMetadata: (metadata: string, caller: Caller<Context>) => void
  readonly capabilities: Capabilities
  readonly checksums: ChecksumProvider | null
  readonly limits: Limits
  readonly emit: (event: UploadEvent) => void
  readonly newId: () => string
  readonly waiting: WaitingFinals
  readonly finals: KnownFinals
  /** Null if the server keeps no digests of whole uploads. */
  readonly digests: Digests | null
  readonly closing: Closing
}

/** The hooks as the engine calls them. A caller is one request, so its hooks can share what they read. */
export interface CallerHooks<Context> {
  identify?(context: Context): Awaitable<string | null>
  /** Returns what the application returned, which may be any value. */
  authorize?(
    action: UploadAction,
    upload: NewUpload | UploadInfo,
    caller: Caller<Context>,
  ): Promise<unknown>
  beforeCreate?(upload: NewUpload, caller: Caller<Context>): Promise<CreateChanges | void>
  onComplete?(
    upload: UploadInfo,
    caller: Caller<Context>,
    digest: UploadDigest | null,
  ): Promise<CompletionResult | void>
}

/** One operation under the lease of an upload: its ports, its lease and its caller. */
export interface Session<Context> {
  readonly ports: Ports<Context>
  readonly lease: Lease
  readonly caller: Caller<Context>
}

/** Keeps the digests of whole uploads. */
export interface Digests {
  /** Follows the bytes of one append. */
  follow(upload: UploadInfo): Promise<FollowedAppend>
  /** The digest of all the bytes of a full upload. */
  of(upload: UploadInfo): Promise<UploadDigest>
  /** Throws `UploadError` with the code `rejected` if the client announced another digest. */
  compare(upload: UploadInfo, digest: UploadDigest, caller: Caller<unknown>): void
}

/** Computes the digest of the bytes of one append. */
export interface FollowedAppend {
  update(chunk: Uint8Array): void
  /** Called with the offset that the append reached. Keeps the digest if all bytes up to there passed. */
  reached(offset: number): void
}

/** The final uploads that wait for parts and that this process knows. The sweep finds the others. */
export interface WaitingFinals {
  add(final: UploadInfo): void
  /** Forgets an upload that was removed or has its outcome. Rejects final uploads that wait for it. */
  drop(upload: UploadInfo): void
  /** Starts to complete the final uploads that wait for this part, and returns at once. */
  partCompleted(part: string): void
}

/** The final uploads that this process created, by their parts. */
export interface KnownFinals {
  /** The id of the final upload that was created for the same request; null if none is known. */
  idFor(request: string): string | null
  /** Refuses another final upload of parts that are in too many final uploads already. */
  assertRoom(
    parts: readonly string[],
    find: (id: string) => Promise<UploadInfo | null>,
  ): Promise<void>
  add(final: UploadInfo, request: string): void
}

/**
 * Whether the server is closing. Requests in progress then end early, and no new ones begin. It is not an
 * `AbortSignal`, because every body listens to it, and hosts report many listeners on one signal as a leak.
 */
export interface Closing {
  begun(): boolean
  /** Calls `listener` when closing begins. Returns the function that removes the listener. */
  onBegin(listener: () => void): () => void
}

/** The limits of uploads and requests. Times are in milliseconds. */
export interface Limits {
  /** How long the server keeps an incomplete upload; null for ever. */
  readonly expireAfter: number | null
  /** When `expireAfter` begins. */
  readonly expireFrom: 'activity' | 'creation'
  /** How long the server keeps an upload that has its outcome; null for ever. */
  readonly keepCompleted: number | null
  /** Whether the parts of a complete final upload stay until they expire, or are removed at once. */
  readonly keepParts: boolean
  /** How long a client may pause in a body. */
  readonly idleTimeout: number
  /** How long a request waits for the lease of an upload. */
  readonly lockTimeout: number
}
