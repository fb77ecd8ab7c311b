import type { Locker } from '@tusker/core'
import { parseDuration } from '@tusker/core'
import { checkOptions } from './files/check-options.ts'
import type { FsStore, FsStoreOptions } from './fs-store.ts'
import { diskOf, storeOver } from './fs-store.ts'
import type { FileLockerOptions } from './locker/file-locker.ts'
import { LEASE_TTL, lockerOver } from './locker/file-locker.ts'
import { holdingLocker } from './locker/holding-locker.ts'
import { fileRecords } from './records/file-records.ts'

/** The options of `fsUploads`. */
export type FsUploadsOptions = Omit<FsStoreOptions, 'records'> &
  Pick<FileLockerOptions, 'leaseTtl'> & {
    /**
     * True when several processes serve the directory, or one process has several upload servers over
     * it. False by default: leases are then kept in memory, which is faster.
     */
    readonly shared?: boolean
  }

/** A store and the locker that belongs to it. */
export interface FsUploads {
  readonly store: FsStore
  readonly locker: Locker
}

/**
 * Keeps uploads in a directory: a store, and a locker over the same records. Pass both to the upload
 * server: `createUploadServer({ path: '/files', ...fsUploads({ directory: './uploads' }) })`.
 *
 * @throws TypeError when an option is missing, unknown or not valid
 */
export function fsUploads(options: FsUploadsOptions): FsUploads {
  checkOptions('fsUploads', options, ['directory', 'durability', 'disk', 'leaseTtl', 'shared'])
  const { shared = false, leaseTtl } = options
  const disk = diskOf(options)
  const records = fileRecords(disk)
  const locker = shared
    ? lockerOver(disk, records, parseDuration(leaseTtl) ?? LEASE_TTL)
    : holdingLocker(records)
  return { store: storeOver(disk, records, locker), locker }
}
