import type { ReopenableStore } from '@tusker/testing'
import type { S3Uploads, S3UploadsOptions } from '../../src/index.ts'
import { s3Uploads } from '../../src/index.ts'
import type { FakeS3, Quirks } from './fake-s3.ts'
import { CREDENTIALS } from './credentials.ts'
import { fakeS3 } from './fake-s3.ts'

/** The options for any fake storage. */
export const AT_FAKE: S3UploadsOptions = {
  bucket: 'bucket',
  endpoint: 'http://s3.test',
  region: 'us-east-1',
  credentials: CREDENTIALS,
}

/** Uploads in a fake storage, as one process has them. */
export function uploadsIn(fake: FakeS3, options: Partial<S3UploadsOptions> = {}): S3Uploads {
  return s3Uploads({ ...AT_FAKE, fetch: fake.fetch, ...options })
}

/** Parts that tests fill with few bytes. */
export const SMALL: Partial<S3UploadsOptions> = {
  partSize: 16 * 1024,
  smallestPart: 8 * 1024,
  memory: 8 * 2 ** 20,
}

/** A new fake storage for a contract. */
export function openFake(
  options: Partial<S3UploadsOptions> = {},
  quirks: Quirks = {},
): ReopenableStore & { readonly fake: FakeS3 } {
  const fake = fakeS3(quirks)
  const open = () => uploadsIn(fake, options)
  return {
    fake,
    store: open().store,
    reopen: () => open().store,
    ...(options.shared === false ? {} : { locker: () => open().locker }),
  }
}
