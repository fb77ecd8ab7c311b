import type { Capabilities } from './capabilities.ts'
import type { ChecksumProvider } from '../ports/checksums.ts'
import type { UploadEvent } from '../ports/events.ts'
import type { EngineHooks } from '../ports/hooks.ts'
import type { Lease, Locker } from '../ports/locker.ts'
import type { Caller } from './commands.ts'
import type { UploadStore } from '../ports/store.ts'
import type { UploadDigest, UploadInfo } from '../model/upload.ts'

/** Everything the operations of the engine stand on. Defaults are applied before it is made. */
export interface Ports<Context> {
  readonly store: UploadStore
  readonly locker: Locker
  readonly hooks: EngineHooks<Context, unknown>
  readonly capabilities: Capabilities
  readonly checksums: ChecksumProvider | null
  readonly limits: Limits
  readonly emit: (event: UploadEvent) => void
  readonly newId: () => string
  readonly waiting: WaitingFinals
  readonly finals: KnownFinals
  /** Null when no digest of whole uploads is kept. */
  readonly digests: Digests | null
  readonly closing: Closing
}

/** One operation under the lease of an upload: what it uses, its lease, and who asked for it. */
export interface Session<Context> {
  readonly ports: Ports<Context>
  readonly lease: Lease
  readonly caller: Caller<Context>
}

/** Keeps the digest of whole uploads. */
export interface Digests {
  /** Follows the bytes of one append. */
  follow(upload: UploadInfo): Promise<FollowedAppend>
  /** The digest of all the bytes of a full upload. */
  of(upload: UploadInfo): Promise<UploadDigest>
  /** Throws `UploadError` with the code `rejected` when the client announced another digest. */
  compare(upload: UploadInfo, digest: UploadDigest): void
}

/** An append whose bytes are digested as they pass. */
export interface FollowedAppend {
  update(chunk: Uint8Array): void
  /** Told the offset that the append reached; what it means depends on how many bytes passed. */
  reached(offset: number): void
}

/** Final uploads that wait for parts, as far as this process knows. The sweep finds the others. */
export interface WaitingFinals {
  add(final: UploadInfo): void
  /** Forgets an upload that was removed or ended. Final uploads that wait for it are rejected. */
  drop(upload: UploadInfo): void
  /** Tries again to complete the final uploads that waited for this part. Does not wait for that. */
  partCompleted(part: string): void
}

/** The final uploads that this process created, by their parts. */
export interface KnownFinals {
  /** The id of the final upload that was created for the same request; null if none is known. */
  idFor(request: string): string | null
  /** Refuses another final upload of parts that are in too many already. */
  assertRoom(
    parts: readonly string[],
    find: (id: string) => Promise<UploadInfo | null>,
  ): Promise<void>
  add(final: UploadInfo, request: string): void
}

/**
 * Whether the server is closing: what is under way then ends in an orderly way, and nothing new begins.
 * No `AbortSignal`, since every body under way listens, and hosts take many listeners for a leak.
 */
export interface Closing {
  begun(): boolean
  /** Calls `listener` when closing begins. Returns the function that forgets it. */
  onBegin(listener: () => void): () => void
}

/** What bounds uploads and requests. Times are in milliseconds. */
export interface Limits {
  /** How long an incomplete upload is kept; null for ever. */
  readonly expireAfter: number | null
  /** What `expireAfter` counts from. */
  readonly expireFrom: 'activity' | 'creation'
  /** How long the record of an ended upload is kept; null for ever. */
  readonly keepCompleted: number | null
  /** What becomes of the parts of a final upload: they go once it is complete, or when they expire. */
  readonly keepParts: boolean
  /** How long a body may pause. */
  readonly idleTimeout: number
  /** How long a request waits for the lease of an upload. */
  readonly lockTimeout: number
}
