import { capabilitiesOf } from '../engine/capabilities.ts'
import { withCors } from '../http/cors.ts'
import { errorResponse } from '../http/error-response.ts'
import { closingSwitch } from '../engine/shutdown.ts'
import type { UploadEngine } from '../engine/engine.ts'
import { createEngine } from '../engine/engine.ts'
import type { MetadataReader } from './metadata-reader.ts'
import { assertReadable, metadataReader } from './metadata-reader.ts'
import type { Closing } from '../engine/ports.ts'
import type { SweepReport } from '../engine/sweep.ts'
import { knownFinals } from '../engine/known-finals.ts'
import { waitingFinals } from '../engine/waiting-finals.ts'
import { isUploadError, UploadError } from '../model/error.ts'
import type { UploadInfo } from '../model/upload.ts'
import type { UploadEvent } from '../ports/events.ts'
import type { UploadMetadata } from '../grammar/metadata.ts'
import { parseMetadata } from '../grammar/metadata.ts'
import type { HeaderFields, HttpRequest, HttpResponse, RequestHandler } from '../model/http.ts'
import { memoryLocker } from '../engine/memory-locker.ts'
import { withMethodOverride } from '../http/method-override.ts'
import type { Ongoing } from './pending-requests.ts'
import { ongoing } from './pending-requests.ts'
import { chooseProtocol } from '../protocol/choose-protocol.ts'
import type { Protocol, Target } from '../protocol/protocol.ts'
import { fixedRoute } from '../http/routes.ts'
import { serveUpload } from './download-upload.ts'
import type { CheckedOptions, UploadServerOptions } from '../options.ts'
import { checkedOptions } from './check-server-options.ts'
import { limitsOf, sweepInterval } from '../options.ts'
import { sweeper } from './sweep-timer.ts'
import { targetOf } from '../protocol/upload-urls.ts'
import { typedHooks } from './hooks-with-metadata.ts'
import { urlPolicy } from '../http/urls.ts'
import { wholeDigests } from './digest-option.ts'

/** An upload server for an adapter to mount. */
export interface UploadServer<Context = unknown> extends RequestHandler<Context> {
  /** Sweeps now. If `expireAfter` or `keepCompleted` is set, the server also sweeps at intervals. */
  sweep(): Promise<SweepReport>
  /** When an upload of this server expires; null if it never does. */
  expiryOf(upload: UploadInfo): Date | null
  /** Stops the requests for an upload and removes it. Throws `UploadError` if there is no such upload. */
  remove(id: string): Promise<void>
  /**
   * The error response to a request, in the form of the protocol that the request speaks. For a server
   * that refuses requests before this one sees them. A request that speaks none of the protocols, at a
   * path that is not of this server, gets a plain error response.
   */
  refuse(request: HttpRequest, error: UploadError): HttpResponse
  /**
   * Shuts the server down. It refuses new uploads and ends the bodies in progress. The store keeps the bytes
   * that arrived, and the responses ask clients to retry. Resolves when the last request has been answered.
   */
  close(): Promise<void>
}

/** The caller of operations that the server starts itself. */
const SERVER_ITSELF = { context: null, signal: null }

/** The options of a server with required `protocols`. */
export type ServerWithProtocols<Context, Values> = UploadServerOptions<Context, Values> & {
  readonly protocols: readonly Protocol[]
}

/**
 * Like `createUploadServer`, but `protocols` is required, so a bundler can leave out the other protocols.
 *
 * @throws TypeError when an option is missing, unknown or not valid
 */
export function createUploadServerWith<Context = unknown, Values = UploadMetadata>(
  given: ServerWithProtocols<Context, Values>,
): UploadServer<Context> {
  const options = checkedOptions(given)
  const { protocols } = given
  assertSamePlace(options)
  const routes = typeof options.path === 'string' ? fixedRoute(options.path) : options.path
  const urls = urlPolicy(options)
  const closing = closingSwitch()
  const requests = ongoing()
  const emit = quiet(options.onEvent)
  const metadataOf = metadataReader()
  const engine = engineFor(options, metadataOf, emit, requests, closing)
  const sweeping = sweeper(sweepInterval(options), () => quietly(null, engine.sweep()))
  sweeping.start()

  /** Runs work that no client waits for. An `UploadError` is not a failure then. */
  async function quietly(id: string | null, work: Promise<unknown>): Promise<void> {
    await requests.track(work).catch((error: unknown) => {
      if (!isUploadError(error)) emit({ type: 'failed', id, error })
    })
  }

  async function answer(request: HttpRequest<Context>): Promise<HttpResponse> {
    const route = routes.match(request.path)
    const protocol = chooseProtocol(protocols, request, route?.id ?? null)
    try {
      if (route === null) throw new UploadError('not_found', 'there is nothing at this path')
      return await dispatch(protocol, request, targetOf(request, route, routes, urls))
    } catch (error) {
      if (isUploadError(error)) {
        // For example a full disk: the client should retry, and the operator should know the cause.
        if (error.code === 'unavailable' && error.cause !== undefined) {
          emit({ type: 'failed', id: route?.id ?? null, error })
        }
        return protocol.refuse(request, error, engine)
      }
      emit({ type: 'failed', id: route?.id ?? null, error })
      const hidden = new UploadError('internal', 'something went wrong on the server, try again')
      return { ...protocol.refuse(request, hidden, engine), cause: error }
    }
  }

  function dispatch(
    protocol: Protocol,
    request: HttpRequest<Context>,
    target: Target,
  ): Promise<HttpResponse> | HttpResponse {
    if (request.method === 'OPTIONS') {
      const fields = protocols.map((each) => each.describe(engine, request))
      return { status: 204, headers: Object.assign({}, ...fields) as HeaderFields }
    }
    if (target.id !== null && options.downloads === true && isDownload(request)) {
      return serveUpload(
        { store: options.store, engine, metadataOf, protocol, target },
        target.id,
        request,
      )
    }
    return protocol.handle(request, target, engine)
  }

  /** True for GET, and for a HEAD that has no field of a protocol: it asks about the download. */
  function isDownload(request: HttpRequest<Context>): boolean {
    if (request.method === 'GET') return true
    return request.method === 'HEAD' && !protocols.some((each) => each.claims(request, null))
  }

  const server: RequestHandler<Context> = {
    matches: (path) => routes.match(path) !== null,
    handle(request) {
      sweeping.start()
      return requests.track(answer(withMethodOverride(request)))
    },
  }
  return {
    ...(options.cors ? withCors(options.cors, server) : server),
    sweep: () => requests.track(engine.sweep()),
    expiryOf: engine.expiryOf,
    remove: (id) => engine.remove(id, SERVER_ITSELF),
    refuse(given, error) {
      const request = withMethodOverride(given)
      const route = routes.match(request.path)
      const protocol =
        route === null
          ? protocols.find((each) => each.claims(request, null))
          : chooseProtocol(protocols, request, route.id)
      return protocol?.refuse(request, error, engine) ?? errorResponse(request, error)
    },
    async close() {
      sweeping.stop()
      closing.begin()
      await requests.idle()
    },
  }
}

function engineFor<Context, Values>(
  options: CheckedOptions<Context, Values>,
  metadataOf: MetadataReader,
  emit: (event: UploadEvent) => void,
  requests: Ongoing,
  closing: Closing,
): UploadEngine<Context> {
  const { store, locker, hooks, metadata, checksums, digest } = options
  // Without them nothing reads the values again, so they are not remembered.
  const areValuesRead = hooks !== undefined || metadata !== undefined || digest !== undefined
  const check = areValuesRead ? metadataOf : parseMetadata
  const engine: UploadEngine<Context> = createEngine<Context>({
    store,
    emit,
    closing,
    locker: locker ?? store.defaultLocker ?? memoryLocker(),
    hooks: typedHooks(hooks ?? {}, metadata, metadataOf),
    assertMetadata: (field, caller) => void assertReadable(check(field, caller)),
    capabilities: capabilitiesOf(store, options),
    checksums: checksums ?? null,
    limits: limitsOf(options),
    newId: () => crypto.randomUUID().replaceAll('-', ''),
    finals: knownFinals(options.maxFinalsPerPart ?? 8),
    // `inspect` completes a final upload if its parts are complete by then.
    waiting: waitingFinals((id) =>
      requests.track(engine.inspect(id, SERVER_ITSELF)).catch((error: unknown) => {
        if (!isUploadError(error)) emit({ type: 'failed', id, error })
      }),
    ),
    digests: digest === undefined ? null : wholeDigests(digest, checksums, store, metadataOf),
  })
  return engine
}

/**
 * Refuses a locker that does not belong to the store. A locker over records must use those of the store, or
 * it protects nothing. A locker and a store with keys must use the same prefix: with another one, processes
 * that share the uploads may not share the leases.
 */
function assertSamePlace({ store, locker }: Pick<UploadServerOptions, 'store' | 'locker'>): void {
  if (locker?.directory !== undefined && locker.directory !== store.directory) {
    throw new TypeError('locker: its directory must be the directory of the store')
  }
  const [keys, leases] = [store.keyPrefix, locker?.keyPrefix]
  if (keys === undefined || leases === undefined || keys === leases) return
  throw new TypeError('locker: its prefix must be the prefix of the store')
}

/** A listener that never throws, so that it cannot fail a request. */
function quiet(listener: UploadServerOptions['onEvent']): (event: UploadEvent) => void {
  return (event) => {
    try {
      listener?.(event)
    } catch {
      // The server reports errors only to the listener, so it cannot report an error of the listener.
    }
  }
}
