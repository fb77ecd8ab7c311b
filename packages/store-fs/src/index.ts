export { saveAs } from './save-as/save-as.ts'
export type {
  ExportingStore,
  SaveAsHook,
  SaveAsOptions,
  SavedFile,
} from './save-as/save-as.ts'
export { makeDirectory } from './files/make-directory.ts'
export { fsStore } from './fs-store.ts'
export type { FsStore, FsStoreOptions } from './fs-store.ts'
export type { Durability } from './files/disk.ts'
export { fileLocker } from './locker/file-locker.ts'
export type { FileLockerOptions } from './locker/file-locker.ts'
export { fsUploads } from './fs-uploads.ts'
export type { FsUploads, FsUploadsOptions } from './fs-uploads.ts'
