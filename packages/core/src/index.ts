// For users
export { createUploadServer } from './server.ts'
export type { UploadServer } from './server.ts'
export type { UploadServerOptions } from './server-options.ts'
export { isUploadError, UploadError } from './error.ts'
export type { UploadErrorCode, UploadErrorOptions } from './error.ts'
export type {
  Action,
  Awaitable,
  CreateChanges,
  Described,
  FinishResult,
  HooksOn,
  UploadHooks,
} from './hooks.ts'
export type { UploadEvent } from './events.ts'
export type { CorsPolicy } from './cors.ts'
export { withCors } from './cors.ts'
export {
  formatMetadata,
  metadataText,
  parseMetadata,
} from './grammar/metadata.ts'
export type { Metadata } from './grammar/metadata.ts'
export type { SweepReport } from './engine/sweep.ts'

export type {
  SchemaIssue,
  SchemaResult,
  StandardSchema,
} from './standard-schema.ts'
export type { Checksum, ChecksumProvider } from './checksums.ts'

// For stores and lockers
export { offsetMismatch } from './error.ts'
export { storeCan } from './store.ts'
export type {
  AppendOptions,
  OptionalOperation,
  StoreWith,
  UploadStore,
} from './store.ts'
export type { RecordChange, UploadRecord, UploadRecords } from './records.ts'
export { isFull, isUploadId } from './upload.ts'
export type {
  Concatenation,
  FinalAnswer,
  NewUpload,
  Outcome,
  UploadDigest,
  UploadInfo,
} from './upload.ts'
export { memoryLocker } from './memory-locker.ts'
export type { Lease, LeaseRequest, Locker } from './locker.ts'

// For adapters, and for handlers around an upload server
export type {
  HeaderFields,
  HeaderReader,
  HttpRequest,
  HttpResponse,
  RequestHandler,
} from './http.ts'
export type { Route, UploadRoutes } from './routes.ts'
export { refusal } from './refusal.ts'
export { download } from './download.ts'
export type { Downloadable } from './download.ts'
export { urlPolicy } from './urls.ts'
export type { UrlOptions, UrlPolicy } from './urls.ts'
