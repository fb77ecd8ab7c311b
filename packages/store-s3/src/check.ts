import { isConflict, isS3Error, S3Error } from './client/errors.ts'
import type { EtagStyle } from './client/bucket.ts'
import type { Bucket } from './client/port.ts'
import { payloadOf } from './client/port.ts'
import type { Keys } from './keys.ts'

/** The form of conditional writes that a bucket supports; `none` if it ignores or rejects them. */
export type ConditionalWrites = EtagStyle | 'none'

/**
 * Detects the form of conditional writes that a bucket supports, and tries every operation that the
 * store needs. The check writes an object of its own.
 *
 * @throws Error that says in one sentence what is wrong with the bucket, its settings or the rights
 */
export async function checkBucket(
  bucketFor: (style: EtagStyle) => Bucket,
  keys: Keys,
): Promise<ConditionalWrites> {
  const bucket = bucketFor('quoted')
  const key = keys.probe()
  const first = payloadOf(Uint8Array.of(1))
  await allowed('s3:PutObject', () => bucket.put(key, first))
  try {
    await allowed('s3:GetObject', () => bucket.load(key))
    await allowed('s3:ListBucket', () => firstOf(bucket.list(key)))
    await allowed('s3:ListBucketMultipartUploads', () => firstOf(bucket.listMultiparts(key)))
    const id = await allowed('s3:PutObject', () => bucket.createMultipart(key, {}))
    await allowed('s3:ListMultipartUploadParts', () => firstOf(bucket.listParts(key, id)))
    await allowed('s3:AbortMultipartUpload', () => bucket.abortMultipart(key, id))
    return await conditionsOf(bucketFor, key)
  } finally {
    await allowed('s3:DeleteObject', () => bucket.remove(key))
  }
}

async function conditionsOf(
  bucketFor: (style: EtagStyle) => Bucket,
  key: string,
): Promise<ConditionalWrites> {
  const payload = payloadOf(Uint8Array.of(2))
  const succeeds = async (style: EtagStyle, etag: string | null): Promise<boolean | null> => {
    try {
      await bucketFor(style).put(key, payload, { condition: { etag } })
      return true
    } catch (error) {
      if (isConflict(error)) return false
      if (isS3Error(error) && (error.status === 501 || error.status === 400)) return null
      throw error
    }
  }
  // The object exists, so this write must fail.
  if ((await succeeds('quoted', null)) !== false) return 'none'
  const { etag } = (await bucketFor('quoted').head(key)) ?? { etag: '' }
  for (const style of ['quoted', 'unquoted'] as const) {
    if ((await succeeds(style, etag)) !== true) continue
    const wrong = await succeeds(style, '0'.repeat(32))
    return wrong === false ? style : 'none'
  }
  return 'none'
}

async function firstOf(listing: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of listing) return
}

/** Adds the cause to an operation's error: the missing right, or another fault. */
async function allowed<Result>(right: string, operation: () => Promise<Result>): Promise<Result> {
  try {
    return await operation()
  } catch (error) {
    throw explained(error, right)
  }
}

const EXPLANATIONS: Readonly<Record<string, string>> = {
  NoSuchBucket: 'there is no such bucket',
  InvalidAccessKeyId: 'the storage does not know the access key',
  SignatureDoesNotMatch: 'the secret access key is wrong',
  InvalidToken: 'the session token is not valid',
  ExpiredToken: 'the session token has expired',
  RequestTimeTooSkewed: 'the clock of this host is wrong',
  PermanentRedirect: 'the bucket is in another region, or has another endpoint',
  TemporaryRedirect: 'the bucket is in another region, or has another endpoint',
  AuthorizationHeaderMalformed: 'the bucket is in another region',
  IllegalLocationConstraintException: 'the bucket is in another region',
}

function explained(error: unknown, right: string): Error {
  const cause = isS3Error(error) ? error : causeOf(error)
  if (cause === null) {
    const reason = error instanceof Error ? error.message : String(error)
    return new Error(`S3: the storage cannot be reached: ${reason}`, { cause: error })
  }
  const known = EXPLANATIONS[cause.code]
  const what =
    known ?? (cause.status === 403 ? `the right ${right} is missing` : 'the check failed')
  return new Error(`S3: ${what} (${cause.message})`, { cause: error })
}

/** The refusal behind an error that clients may see. */
function causeOf(error: unknown): S3Error | null {
  const cause = error instanceof Error ? error.cause : null
  return cause instanceof S3Error ? cause : null
}
