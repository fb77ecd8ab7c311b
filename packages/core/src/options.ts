import type { ChecksumProvider } from './ports/checksums.ts'
import type { CorsPolicy } from './http/cors.ts'
import type { Limits } from './engine/ports.ts'
import type { UploadEvent } from './ports/events.ts'
import type { UploadMetadata } from './grammar/metadata.ts'
import type { UploadHooks } from './ports/hooks.ts'
import type { Locker } from './ports/locker.ts'
import type { UploadRoutes } from './http/routes.ts'
import type { Duration, Size } from './options/quantity.ts'
import { MAX_DELAY } from './options/quantity.ts'
import type { Protocol } from './protocol/protocol.ts'
import type { StandardSchema } from './ports/standard-schema.ts'
import type { UploadStore } from './ports/store.ts'
import type { UrlOptions } from './http/urls.ts'

/**
 * How an upload server is set up. Only `path` and `store` are required.
 *
 * @typeParam Context - what the adapter passes to hooks
 * @typeParam Values - what the `metadata` schema makes of `Upload-Metadata`
 */
export interface UploadServerOptions<Context = unknown, Values = UploadMetadata>
  extends UrlOptions {
  /**
   * Where uploads are created, below whatever the host mounts the adapter at; each upload lives one
   * segment below. For example `/files`. Or a function of the path, for more than one such place.
   */
  readonly path: string | UploadRoutes
  readonly store: UploadStore
  /**
   * The protocols to speak: `tus()`, `resumableUpload()` or both, which is the default. Of several the
   * first answers what none of them recognizes.
   */
  readonly protocols?: readonly Protocol[]
  /** Shared by every process that serves the same store. Defaults to one for this process alone. */
  readonly locker?: Locker
  readonly hooks?: UploadHooks<Context, Values>
  /**
   * A schema (zod, valibot, arktype or any other Standard Schema) for the client's metadata, whose
   * values it sees as text. Creation is refused, naming the field, when they do not fit.
   */
  readonly metadata?: StandardSchema<Values>
  /** Called for each event. What it throws is ignored: it cannot fail a request. */
  readonly onEvent?: (event: UploadEvent) => void
  /** The most bytes of one upload: a number, or text such as `'10GiB'`. No limit by default. */
  readonly maxLength?: Size
  /** How long an incomplete upload is kept: milliseconds, or text such as `'7d'`. For ever by default. */
  readonly expireAfter?: Duration
  /** When `expireAfter` begins. With `activity`, the default, at the last time the upload grew. */
  readonly expireFrom?: 'activity' | 'creation'
  /**
   * How long a completed or rejected upload is kept before the sweep removes it with its bytes. For ever
   * by default. Set it when the `onComplete` hook moves the bytes elsewhere.
   */
  readonly keepCompleted?: Duration
  /** The time between sweeps. By default the shorter of the times above, at most ten minutes. */
  readonly sweepEvery?: Duration
  /** How long a body may pause before it is ended. What arrived is kept. A minute by default. */
  readonly idleTimeout?: Duration
  /** How long a request waits for an upload that is in use. Ten seconds by default. */
  readonly lockTimeout?: Duration
  /**
   * Whether partial uploads are kept once their final upload is complete. With true, the default, they
   * stay until `expireAfter` has passed, so a client that lost the response can concatenate them again.
   */
  readonly keepParts?: boolean
  /**
   * How many final uploads may be made of the same partial upload, as far as this process knows. Each
   * holds a copy of its bytes. 8 by default; `Infinity` means no limit.
   */
  readonly maxFinalsPerPart?: number
  /** The digests offered to clients to verify what they send. None by default. */
  readonly checksums?: ChecksumProvider
  /**
   * The algorithm, one of those in `checksums`, by which a digest of each whole upload is kept. It is
   * given to the `onComplete` hook, sent as `Repr-Digest`, and compared with what the client announced
   * in its metadata under the algorithm's name: if that differs, the upload is rejected.
   */
  readonly digest?: string
  /** Answers GET on a completed upload with its bytes. Off by default. */
  readonly downloads?: boolean
  /** Lets browsers of other origins use the server. Off by default: nothing is sent. */
  readonly cors?: CorsPolicy | false
}

type Quantities =
  | 'maxLength'
  | 'expireAfter'
  | 'keepCompleted'
  | 'sweepEvery'
  | 'idleTimeout'
  | 'lockTimeout'

/** The options after they were checked: sizes are bytes, and durations milliseconds. */
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

/** The engine's limits, with defaults. */
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

/** Milliseconds between two sweeps; null when there is nothing to sweep. */
export function sweepInterval(options: Times): number | null {
  const times = [options.expireAfter, options.keepCompleted].filter((time) => time !== undefined)
  if (times.length === 0) return null
  return options.sweepEvery ?? Math.max(1_000, Math.min(10 * MINUTE, ...times))
}
