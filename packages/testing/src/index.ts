export { describeBadDraftInput } from './bad-input/describe-bad-draft-input.ts'
export type { BadDraftInputOptions } from './bad-input/describe-bad-draft-input.ts'
export { describeBadInput } from './bad-input/describe-bad-input.ts'
export type { BadInputOptions } from './bad-input/describe-bad-input.ts'
export { describeGuarantees } from './guarantees/describe-guarantees.ts'
export { describeTus } from './runner/describe-tus.ts'
export type { TusOptions } from './runner/describe-tus.ts'
export type { ChapterName } from './spec/specification.ts'
export type { GuaranteeName } from './guarantees/describe-guarantees.ts'
export { protocolTable } from './runner/protocol-table.ts'
export type { Extension } from './runner/conversation.ts'
export { inMemory, overSockets } from './client/hosts.ts'
export type { OpenedHost, OpenHost } from './client/hosts.ts'
export type { OpenedStore, OpenStore } from './client/open-store.ts'
export { memoryClient, testHost } from './client/test-host.ts'
export type { HostOptions, TestHost } from './client/test-host.ts'
export { http2Client } from './client/http2-client.ts'
export { socketClient } from './client/socket-client.ts'
export type { Dialect } from './client/draft-dialect.ts'
export { paused, streamed } from './client/client.ts'
export type {
  Answer,
  Body,
  Client,
  Fields,
  InterimAnswer,
  PausedBody,
  StreamedBody,
} from './client/client.ts'
export { describeModel } from './model/describe-model.ts'
export type { ModelOptions } from './model/describe-model.ts'
export type { ReopenableStore } from './model/system.ts'
export { describeStore } from './store/describe-store.ts'
export type { StoreContractOptions } from './store/describe-store.ts'
export { newUpload } from './store/store-under-test.ts'
export { describeRefusals } from './guarantees/refusals.ts'
export type { ComparableStore } from './guarantees/refusals.ts'
export { describeLocker } from './locker/describe-locker.ts'
export type { OpenedLocker } from './locker/describe-locker.ts'
export { describeHost } from './host/describe-host.ts'
export type { HostContractOptions } from './host/describe-host.ts'
export { describeResumableRoute, startedOn } from './host/describe-resumable-route.ts'
export type { StartedApplication } from './host/describe-resumable-route.ts'
export { describeShortForm } from './host/describe-short-form.ts'
export type {
  ShortForm,
  ShortFormMetadata,
  ShortFormOptions,
} from './host/describe-short-form.ts'
export type { HostDeclaration } from './host/declaration.ts'
export { slownessOfHttp2 } from './host/distant-client.ts'
export { connectRaw } from './host/raw-connection.ts'
export type { RawAnswer, RawConnection } from './host/raw-connection.ts'
export { statusOfSilentBody } from './host/silent-body.ts'
export type { HostSettings, Listening, Serve } from './host/host-under-test.ts'
export { limitsFor, listenOn, listenWith } from './host/listen-on.ts'
export { describeDraft, draftTable } from './draft-spec/describe-draft.ts'
export type { DraftOptions } from './draft-spec/describe-draft.ts'
export { expectProblem, startDraftSession } from './draft-spec/draft-session.ts'
export type { DraftSession } from './draft-spec/draft-session.ts'
export { startSession } from './runner/client-session.ts'
export type { ClientSession } from './runner/client-session.ts'
