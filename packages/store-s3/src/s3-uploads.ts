import type { Locker } from '@tusker/core'
import { isUploadError, memoryLocker } from '@tusker/core'
import type { ConditionalWrites } from './check.ts'
import { checkBucket } from './check.ts'
import { bucketOver } from './client/bucket.ts'
import { credentialsFrom, environment } from './client/credentials.ts'
import { transportTo } from './client/transport.ts'
import type { Context } from './context.ts'
import { keysUnder } from './keys.ts'
import { bucketLocker } from './locker/bucket-locker.ts'
import { firstGrants } from './locker/first-grants.ts'
import { newsOver } from './locker/news.ts'
import type { S3UploadsOptions } from './options.ts'
import { endpointOf, partPlanOf, prefixOf, secondsOf, sizeIn } from './options.ts'
import { memoryOf } from './parts/memory.ts'
import { largestObject } from './parts/plan.ts'
import { windowFor, withReservation } from './parts/reservation.ts'
import { bucketTexts } from './records/bucket-texts.ts'
import type { S3Record } from './records/record.ts'
import { versionedRecords } from './records/versioned-records.ts'
import type { S3Store } from './s3-store.ts'
import { storeIn } from './s3-store.ts'
import { sealingIn } from './seal/seal.ts'

/** Uploads in a bucket: the store for their bytes, and the locker for their leases. */
export interface S3Uploads {
  readonly store: S3Store
  readonly locker: Locker
  /**
   * Tries every operation that the store needs, and resolves to the properties of the bucket. If the
   * application does not call it, the first request runs the same check.
   *
   * Rejects with an Error whose message says in one sentence what is wrong.
   */
  check(): Promise<{ readonly conditionalWrites: ConditionalWrites }>
}

/** The longest that a timer waits, in milliseconds. */
const LONGEST = 2 ** 31 - 1

/**
 * Stores uploads in a bucket of S3 or of a compatible storage: a record, pieces and parts for each upload,
 * and one object for each complete upload. Only the record says which bytes are committed, and every
 * change of it is a conditional write. So a stale holder changes nothing, and no other service is needed.
 *
 * @throws TypeError for an invalid option
 */
export function s3Uploads(options: S3UploadsOptions): S3Uploads {
  const { shared = true, conditionalWrites } = options
  const hasRecords = options.records !== undefined
  const hasLeases = shared && options.locker === undefined
  const region = options.region ?? environment()['AWS_REGION'] ?? 'us-east-1'
  const { memory, ...plan } = partPlanOf(options)
  const keys = keysUnder(prefixOf(options))
  const partsInFlight = sizeIn(options, 'partsInFlight', 4, 1, 100)
  const transport = transportTo({
    endpoint: endpointOf(options, region),
    bucket: options.bucket,
    region,
    forcePathStyle: options.forcePathStyle ?? options.endpoint !== undefined,
    credentials: credentialsFrom(options.credentials),
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    patience: sizeIn(options, 'patience', 15_000, 0, LONGEST),
  })
  const encryption = encryptionFields(options)
  let found: ConditionalWrites | undefined = conditionalWrites
  let checking: Promise<ConditionalWrites> | null = null

  const bucketFor = (style: () => 'quoted' | 'unquoted') =>
    bucketOver(transport, { style, name: options.bucket, headers: encryption })

  async function check(): Promise<ConditionalWrites> {
    found = conditionalWrites ?? (await checkBucket((style) => bucketFor(() => style), keys))
    if (found === 'none' && shared && !hasRecords) {
      throw new Error(
        'S3: the bucket has no conditional writes, so processes cannot share uploads in it: ' +
          'say `shared: false` and serve them by one process, or keep the records in Redis with ' +
          '`records: redisRecords({ client })`',
      )
    }
    return found
  }

  /** Checks the bucket once. After a failure the next request checks it again. */
  async function ready(): Promise<ConditionalWrites> {
    checking ??= check()
    try {
      return await checking
    } catch (error) {
      checking = null
      // An unreachable storage is not a fault of the settings.
      if (error instanceof Error && isUploadError(error.cause)) throw error.cause
      throw error
    }
  }

  const isConditional = async (): Promise<boolean> => (await ready()) !== 'none'
  const bucket = bucketFor(() => (found === 'unquoted' ? 'unquoted' : 'quoted'))
  const records = versionedRecords(
    options.records?.texts ?? bucketTexts(bucket, keys.records, isConditional),
  )
  const context: Context = {
    bucket,
    records,
    keys,
    plan,
    memory: memoryOf(memory),
    partsInFlight,
    commitEvery: sizeIn(options, 'commitEvery', 1_000, 10, LONGEST),
    isConditional,
    mayPutFirst: async () => !shared || (await isConditional()),
    sealing: sealingIn(() => context),
    receivedAt: new Map(),
    unsettled: new Set(),
  }
  const leaseTtl = sizeIn(options, 'leaseTtl', 20_000, 500, LONGEST)
  const lookEvery = sizeIn(options, 'lookEvery', Math.min(250, leaseTtl / 10), 10, LONGEST)
  const most = largestObject(plan)
  const window = windowFor(partsInFlight)

  const prepare = (record: S3Record): S3Record => withReservation(record, window)
  const first = firstGrants(() => locker, leaseTtl, prepare)
  const leases = (): Locker =>
    bucketLocker(
      {
        records,
        leaseTtl,
        news: newsOver(options.messages),
        first,
        prepare,
        receivedAt: (id) => context.receivedAt.get(id) ?? -Infinity,
        isSettled: (id) => !context.unsettled.has(id),
      },
      lookEvery,
    )

  const locker = options.locker ?? (hasLeases ? leases() : memoryLocker())
  return {
    store: storeIn(context, {
      first: hasLeases ? first : null,
      object: options.object ?? (() => ({})),
      headers: storageClassFields(options),
      keepObjects: options.keepObjects ?? false,
      redirectFor:
        options.redirectFor === undefined ? null : secondsOf('redirectFor', options.redirectFor),
      maxLength: sizeIn(options, 'maxLength', most, 0, most),
      ready,
    }),
    locker,
    check: async () => ({ conditionalWrites: await check() }),
  }
}

function encryptionFields(options: S3UploadsOptions): Record<string, string> {
  const { serverSideEncryption, kmsKeyId } = options
  return {
    ...(serverSideEncryption && { 'x-amz-server-side-encryption': serverSideEncryption }),
    ...(kmsKeyId && { 'x-amz-server-side-encryption-aws-kms-key-id': kmsKeyId }),
  }
}

function storageClassFields({ storageClass }: S3UploadsOptions): Record<string, string> {
  return { ...(storageClass && { 'x-amz-storage-class': storageClass }) }
}
