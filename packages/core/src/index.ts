// For users
export { createUploadServer } from './server/create-upload-server.ts'
export { createUploadServerWith } from './server/server.ts'
export { tus } from './tus/index.ts'
export { resumableUpload } from './draft/index.ts'
export type { RequestLimits } from './draft/limits.ts'
export type { Protocol } from './protocol/protocol.ts'
export type { ServerWithProtocols, UploadServer } from './server/server.ts'
export type { UploadServerOptions } from './options.ts'
export { isUploadError, UploadError } from './model/error.ts'
export type { UploadErrorCode, UploadErrorOptions } from './model/error.ts'
export type {
  UploadAction,
  AuthorizeResult,
  Awaitable,
  CreateChanges,
  WithMetadata,
  CompletionResult,
  EngineHooks,
  UploadHooks,
} from './ports/hooks.ts'
export { contextOf } from './ports/context.ts'
export type { ContextType } from './ports/context.ts'
export type { UploadEvent } from './ports/events.ts'
export { hookOfError, uploadOfError } from './server/hook-of-error.ts'
export type { HookName } from './server/hook-of-error.ts'
export type { CorsPolicy } from './http/cors.ts'
export { withCors } from './http/cors.ts'
export {
  formatMetadata,
  metadataText,
  parseMetadata,
} from './grammar/metadata.ts'
export type { UploadMetadata } from './grammar/metadata.ts'
export {
  fileNameOf,
  numberedFileNames,
  relativePathOf,
  safeFileName,
} from './grammar/file-name.ts'
export type { Duration, Size } from './options/quantity.ts'
export { parseDuration, parseSize } from './options/quantity.ts'
export type { SweepReport } from './engine/sweep.ts'

export type {
  SchemaIssue,
  SchemaResult,
  StandardSchema,
} from './ports/standard-schema.ts'
export type { RunningChecksum, ChecksumProvider } from './ports/checksums.ts'

// For stores and lockers
export { offsetMismatch } from './model/error.ts'
export { storeCan } from './ports/store.ts'
export type {
  AppendOptions,
  CreateOptions,
  DownloadFields,
  OptionalOperation,
  StoreWith,
  UploadStore,
  VerifiedAppendOptions,
  WholeContent,
} from './ports/store.ts'
export type { Messages } from './ports/messages.ts'
export type { RecordChange, UploadRecord, UploadRecords, WholeRecord } from './ports/records.ts'
export type { VersionedText, VersionedTexts } from './ports/texts.ts'
export { assertHasBytes, isFull, isUploadId, keepsBytes, lacksOutcome } from './model/upload.ts'
export type {
  Concatenation,
  FinalResponse,
  NewUpload,
  Outcome,
  UploadDigest,
  UploadInfo,
} from './model/upload.ts'
export { memoryLocker } from './engine/memory-locker.ts'
export { eitherLoss, lossSwitch } from './engine/lease-loss.ts'
export { eitherYieldRequest, yieldRequests } from './engine/yield-requests.ts'
export type { LossSwitch } from './engine/lease-loss.ts'
export type { YieldRequests } from './engine/yield-requests.ts'
export type { Lease, LeaseLoss, LeaseRequest, Locker, YieldRequest } from './ports/locker.ts'

// For adapters
export { resumableRoutes } from './server/resumable-route.ts'
export type {
  ReplayedRequest,
  ResumableHost,
  ResumableOptions,
  ResumableRoutes,
} from './server/resumable-route.ts'

// For packages that stand on core
export { systemCodeOf } from './model/error.ts'
export { sweeper } from './server/sweep-timer.ts'
export type { Sweeper } from './server/sweep-timer.ts'

// For packages that check options of their own
export type { OptionRule } from './options/check-options.ts'
export { checkOptions, optionRules } from './options/check-options.ts'

// For adapters, and for handlers around an upload server
export type {
  HeaderFields,
  HeaderReader,
  HttpRequest,
  HttpResponse,
  RequestHandler,
} from './model/http.ts'
export { requestWith } from './model/http.ts'
export type { UploadRoute, UploadRoutes } from './http/routes.ts'
export { errorResponse } from './http/error-response.ts'
export { download } from './http/download.ts'
export type { Downloadable } from './http/download.ts'
export { withMethodOverride } from './http/method-override.ts'
export { withAllowedHosts } from './http/allowed-hosts.ts'
export { urlPolicy } from './http/urls.ts'
export type { UrlOptions, UrlPolicy } from './http/urls.ts'
