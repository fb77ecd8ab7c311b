import type { ReopenableStore } from '@tusker/testing'
import { describe, inject } from 'vitest'
import type { S3Uploads, S3UploadsOptions } from '../../src/index.ts'
import { s3Uploads } from '../../src/index.ts'
import { CREDENTIALS } from './credentials.ts'

/** Tests over the gateway of Ceph. The tests are skipped if there is no gateway; the setup prints the reason. */
export function describeCeph(name: string, tests: (endpoint: string) => void): void {
  const endpoint = inject('ceph')
  if (endpoint === null) describe.skip(name, () => tests(''))
  else describe(name, () => tests(endpoint))
}

let count = 0

/** A prefix that no other test has. */
export function freshPrefix(): string {
  return `test-${process.pid}-${Date.now()}-${++count}/`
}

export function uploadsOn(
  endpoint: string,
  prefix: string,
  options: Partial<S3UploadsOptions> = {},
): S3Uploads {
  return s3Uploads({ bucket: 'bucket', endpoint, credentials: CREDENTIALS, prefix, ...options })
}

/** A new prefix for a contract. */
export function openCeph(
  endpoint: string,
  options: Partial<S3UploadsOptions> = {},
): ReopenableStore {
  const prefix = freshPrefix()
  // Given here, so that no test has to detect it.
  const open = (): S3Uploads =>
    uploadsOn(endpoint, prefix, { conditionalWrites: 'unquoted', ...options })
  return { store: open().store, reopen: () => open().store, locker: () => open().locker }
}
