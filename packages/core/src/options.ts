import type { ChecksumProvider } from './ports/checksums.ts'
import type { CorsPolicy } from './http/cors.ts'
import type { Limits } from './engine/ports.ts'
import type { UploadEvent } from './ports/events.ts'
import type { UploadMetadata } from './grammar/metadata.ts'
import type { UploadHooks } from './ports/hooks.ts'
import type { ContextType } from './ports/context.ts'
import type { Locker } from './ports/locker.ts'
import type { UploadRoutes } from './http/routes.ts'
import type { Duration, Size } from './options/quantity.ts'
import { MAX_DELAY } from './options/quantity.ts'
import type { Protocol } from './protocol/protocol.ts'
import type { StandardSchema } from './ports/standard-schema.ts'
import type { UploadStore } from './ports/store.ts'
import type { UrlOptions } from './http/urls.ts'

/**
 * The options of an upload server. Only `path` and `store` are required.
 *
 * @typeParam Context - the value that the adapter passes to hooks
 * @typeParam Values - the output of the `metadata` schema
 */
export interface UploadServerOptions<Context = unknown, Values = UploadMetadata>
  extends UrlOptions {
  /**
   * The path at which clients create uploads, for example `/files`. It is relative to the path at which the
   * host mounts the adapter. The path of an upload is one segment longer. Pass `UploadRoutes` for several
   * paths.
   */
  readonly path: string | UploadRoutes
  readonly store: UploadStore
  /**
   * The protocols of the server: `tus()`, `resumableUpload()` or both. The default is both. The first one
   * answers requests that no protocol recognizes.
   */
  readonly protocols?: readonly Protocol[]
  /** All processes that serve the same store must share one. The default works for one process alone. */
  readonly locker?: Locker
  readonly hooks?: UploadHooks<Context, Values>
  /**
   * The type of the context that the adapter passes to hooks: `contextOf<NodeContext>()`. The server does not
   * use it. An adapter that is given the options knows the type without it.
   */
  readonly context?: ContextType<Context>
  /**
   * A schema (zod, valibot, arktype or any other Standard Schema) for the client's metadata. It gets the
   * values as text. If they are not valid, the server refuses the creation, and its message names the key.
   */
  readonly metadata?: StandardSchema<Values>
  /** Called for each event. The server ignores what it throws, so it cannot fail a request. */
  readonly onEvent?: (event: UploadEvent) => void
  /** The most bytes of one upload: a number, or text such as `'10GiB'`. No limit by default. */
  readonly maxLength?: Size
  /** How long an incomplete upload is kept: milliseconds, or text such as `'7d'`. No limit by default. */
  readonly expireAfter?: Duration
  /** When `expireAfter` begins. The default `activity` is the last time the upload grew. */
  readonly expireFrom?: 'activity' | 'creation'
  /**
   * How long the server keeps a completed or rejected upload before a sweep removes it with its bytes. No
   * limit by default. Set it when the `onComplete` hook moves the bytes elsewhere.
   */
  readonly keepCompleted?: Duration
  /** The time between sweeps. By default the shorter of the times above, at most ten minutes. */
  readonly sweepEvery?: Duration
  /** How long a client may pause in a body. Then the server ends the request. 1 minute by default. */
  readonly idleTimeout?: Duration
  /** How long a request waits for an upload that another request uses. 10 seconds by default. */
  readonly lockTimeout?: Duration
  /**
   * Whether partial uploads are kept once their final upload is complete. With true, the default, they
   * stay until `expireAfter` has passed, so a client that lost the response can concatenate them again.
   */
  readonly keepParts?: boolean
  /**
   * How many final uploads clients may create from the same partial upload. Each holds a copy of its bytes.
   * Only uploads that this process created are counted. 8 by default; `Infinity` means no limit.
   */
  readonly maxFinalsPerPart?: number
  /** Computes the digests with which clients can verify their requests. None by default. */
  readonly checksums?: ChecksumProvider
  /**
   * The algorithm of the digest that the server keeps of each whole upload: one of `checksums`. The
   * `onComplete` hook gets the digest, and responses have it as `Repr-Digest`. The client may announce the
   * digest in its metadata, with the name of the algorithm as key. If it differs, the upload is rejected.
   */
  readonly digest?: string
  /** Whether GET returns the bytes of a completed upload. Off by default. */
  readonly downloads?: boolean
  /** Lets scripts of other origins use the server from a browser. Off by default. */
  readonly cors?: CorsPolicy | false
}

type Quantities =
  | 'maxLength'
  | 'expireAfter'
  | 'keepCompleted'
  | 'sweepEvery'
  | 'idleTimeout'
  | 'lockTimeout'

/** The options after the check: sizes are bytes, and durations are milliseconds. */
export type CheckedOptions<Context = unknown, Values = UploadMetadata> = Omit<
  UploadServerOptions<Context, Values>,
  Quantities
> & { readonly [name in Quantities]?: number }

const MINUTE = 60_000

type Times = Pick<
  CheckedOptions,
  | 'expireAfter'
  | 'expireFrom'
  | 'keepCompleted'
  | 'sweepEvery'
  | 'keepParts'
  | 'idleTimeout'
  | 'lockTimeout'
>

/** The limits of the engine, with their defaults. */
export function limitsOf(options: Times): Limits {
  return {
    expireAfter: options.expireAfter ?? null,
    expireFrom: options.expireFrom ?? 'activity',
    keepCompleted: options.keepCompleted ?? null,
    keepParts: options.keepParts ?? true,
    idleTimeout: options.idleTimeout ?? MINUTE,
    lockTimeout: Math.min(options.lockTimeout ?? MINUTE / 6, MAX_DELAY),
  }
}

/** Milliseconds between two sweeps; null if uploads neither expire nor are removed after completion. */
export function sweepInterval(options: Times): number | null {
  const times = [options.expireAfter, options.keepCompleted].filter((time) => time !== undefined)
  if (times.length === 0) return null
  return options.sweepEvery ?? Math.max(1_000, Math.min(10 * MINUTE, ...times))
}
