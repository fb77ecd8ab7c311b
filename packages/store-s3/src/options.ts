import type { Duration, Locker, Messages, NewUpload, Size, VersionedTexts } from '@tusker/core'
import { parseDuration, parseSize } from '@tusker/core'
import type { ConditionalWrites } from './check.ts'
import type { S3Credentials } from './client/sign.ts'
import type { ObjectSettings } from './object-settings.ts'
import type { PartPlan } from './parts/plan.ts'
import { SLAB } from './parts/memory.ts'

/**
 * Where uploads are kept, and how. Sizes are in bytes, or text such as `'8MiB'`. Times are in milliseconds, or text
 * such as `'20s'`.
 */
export interface S3UploadsOptions {
  readonly bucket: string
  /** `AWS_REGION` by default, else `us-east-1`. */
  readonly region?: string | undefined
  /** The address of the storage. AWS's for the region by default. */
  readonly endpoint?: string | undefined
  /** True for `https://host/bucket/key`. By default true where an `endpoint` is given. */
  readonly forcePathStyle?: boolean | undefined
  /** The keys of an account, or a function that returns them. It is called again when they expire.
   * `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN` by default. */
  readonly credentials?: S3Credentials | (() => Promise<S3Credentials>) | undefined
  /** The start of every object's key. `uploads/` by default. Store nothing else under it. */
  readonly prefix?: string | undefined
  /**
   * True by default: several processes on any hosts may serve the same uploads, with leases in the
   * bucket. False where this process is the only one: that saves two requests for each append.
   */
  readonly shared?: boolean | undefined
  /**
   * Keeps the records elsewhere, such as `redisRecords({ client })` of `@tusker/store-redis`. The leases are in
   * the records. With them, processes can share a bucket that has no conditional writes.
   */
  readonly records?: { readonly texts: VersionedTexts } | undefined
  /** Gives out the leases, such as `redisLocker({ client })`. By default the leases are in the records. */
  readonly locker?: Locker | undefined
  /**
   * Tells other processes at once that a lease was requested or released, such as `redisMessages({ client })`
   * of `@tusker/store-redis`. The lockers then look at the records less often.
   */
  readonly messages?: Messages | undefined
  /** The key and header fields of the finished object. The id of the upload and none by default. */
  readonly object?: ((upload: NewUpload) => ObjectSettings) | undefined
  /**
   * Time for which a URL of the bucket is valid, such as `'1h'`. If given, the server answers a download by a
   * redirect to such a URL, and sends no bytes itself. From a second to a week; S3 counts whole seconds.
   */
  readonly redirectFor?: Duration | undefined
  /** True to leave finished objects in the bucket when their upload is removed. False by default. */
  readonly keepObjects?: boolean | undefined
  /** The most bytes of an upload. By default as many as `maxParts` parts can hold. */
  readonly maxLength?: Size | undefined
  /** The bytes of a part. 8 MiB by default. A long upload gets larger parts. */
  readonly partSize?: Size | undefined
  /** The fewest bytes that the storage accepts as a part. 5 MiB by default, as on AWS. */
  readonly smallestPart?: Size | undefined
  /** The most parts of an object. 10,000 by default, as on AWS. */
  readonly maxParts?: number | undefined
  /** True if all parts but the last must have the same length, as on Cloudflare R2. */
  readonly equalParts?: boolean | undefined
  /** The bytes of memory for the parts of all uploads of this process. 48 MiB by default, and at least two parts. */
  readonly memory?: Size | undefined
  /** Parts of one upload that are sent at the same time. 4 by default. */
  readonly partsInFlight?: number | undefined
  /** Time after which received bytes are committed, even if they do not fill a part. 1,000 by default. */
  readonly commitEvery?: Duration | undefined
  /** Time after a lease holder's last write until another process may take over. 20,000 by default. */
  readonly leaseTtl?: Duration | undefined
  /** Time between two checks of a lease holder for waiting requests. 250 by default. */
  readonly lookEvery?: Duration | undefined
  /** Time for which a request is retried while the storage throttles or fails. 15,000 by default. */
  readonly patience?: Duration | undefined
  /** The storage class of finished objects, such as `STANDARD_IA`. */
  readonly storageClass?: string | undefined
  /** The encryption of all objects: `AES256` or `aws:kms`. */
  readonly serverSideEncryption?: string | undefined
  /** The key for `aws:kms`. */
  readonly kmsKeyId?: string | undefined
  /** The form of conditional writes that the bucket supports. Detected by default. */
  readonly conditionalWrites?: ConditionalWrites | undefined
  /** Sends requests. The global `fetch` by default. */
  readonly fetch?: typeof fetch | undefined
}

const MIB = 2 ** 20

/** AWS accepts no larger part. */
const LARGEST_PART = 5 * 2 ** 30

/** The plan of parts, and the memory for them. Throws a TypeError for an invalid option. */
export function partPlanOf(options: S3UploadsOptions): PartPlan & { readonly memory: number } {
  const partSize = sizeIn(options, 'partSize', 8 * MIB, 1, LARGEST_PART)
  const smallestPart = sizeIn(options, 'smallestPart', Math.min(5 * MIB, partSize), 1, partSize)
  const maxParts = sizeIn(options, 'maxParts', 10_000, 100, 10_000)
  const least = 2 * (Math.ceil((partSize + smallestPart) / SLAB) + 1) * SLAB
  const memory = sizeIn(
    options,
    'memory',
    Math.max(48 * MIB, least),
    least,
    Number.MAX_SAFE_INTEGER,
  )
  const largestPart = Math.min(LARGEST_PART, Math.floor(memory / 2 / SLAB) * SLAB)
  const { equalParts = false } = options
  return { partSize, smallestPart, largestPart, maxParts, equalParts, memory }
}

const SIZES = ['maxLength', 'partSize', 'smallestPart', 'memory'] as const
const TIMES = ['commitEvery', 'leaseTtl', 'lookEvery', 'patience'] as const
type Count = 'maxParts' | 'partsInFlight'
type NumberOption = (typeof SIZES)[number] | (typeof TIMES)[number] | Count

/** A whole number of the options, or its default. Sizes and times may be text. */
export function sizeIn(
  options: S3UploadsOptions,
  name: NumberOption,
  usual: number,
  least: number,
  most: number,
): number {
  const value = options[name] ?? usual
  const number = numberOf(name, value)
  if (Number.isSafeInteger(number) && number >= least && number <= most) return number
  throw new TypeError(`${name}: a whole number from ${least} to ${most} is needed, not ${value}`)
}

function numberOf(name: NumberOption, value: Size | Duration): number {
  if (typeof value === 'number') return value
  if (SIZES.some((size) => size === name)) return parseSize(value) ?? Number.NaN
  if (TIMES.some((time) => time === name)) return parseDuration(value) ?? Number.NaN
  return Number.NaN
}

/** S3 accepts no longer validity of a URL. */
const WEEK = 604_800_000

/**
 * The whole seconds for which a URL of the bucket is valid.
 *
 * @throws TypeError for a time that S3 does not accept
 */
export function secondsOf(name: string, validFor: Duration): number {
  const time = parseDuration(validFor) ?? Number.NaN
  if (time >= 1_000 && time <= WEEK) return Math.floor(time / 1_000)
  throw new TypeError(
    `${name}: milliseconds from 1000 to ${WEEK} are needed, or text such as '1h', not ${JSON.stringify(validFor)}`,
  )
}

/** The prefix of all keys. Throws a TypeError for one that could be shared with other objects. */
export function prefixOf({ prefix = 'uploads/' }: S3UploadsOptions): string {
  if (/^[^/].*\/$/.test(prefix) && prefix.length <= 200 && !prefix.includes('//')) return prefix
  throw new TypeError(
    `prefix: a path that ends with a slash is needed, such as uploads/, not ${JSON.stringify(prefix)}`,
  )
}

/** The address of the storage. Throws a TypeError for one that is no URL. */
export function endpointOf({ endpoint }: S3UploadsOptions, region: string): URL {
  const address = endpoint ?? `https://s3.${region}.amazonaws.com`
  if (URL.canParse(address) && /^https?:/.test(address)) return new URL(address)
  throw new TypeError(`endpoint: a URL that begins with https:// is needed, not ${address}`)
}
