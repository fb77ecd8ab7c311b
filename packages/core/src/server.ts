import { capabilitiesOf } from './capabilities.ts'
import type { ChecksumProvider } from './checksums.ts'
import type { CorsPolicy } from './cors.ts'
import { withCors } from './cors.ts'
import { download } from './download.ts'
import { leaving } from './engine/closing.ts'
import type { UploadEngine } from './engine/engine.ts'
import { createEngine } from './engine/engine.ts'
import type { Limits } from './engine/ports.ts'
import type { SweepReport } from './engine/sweep.ts'
import { waitingFinals } from './engine/waiting.ts'
import { isUploadError, UploadError } from './error.ts'
import type { UploadEvent } from './events.ts'
import type { Metadata } from './grammar/metadata.ts'
import type { UploadHooks } from './hooks.ts'
import type { HttpRequest, HttpResponse, RequestHandler } from './http.ts'
import type { Locker } from './locker.ts'
import { memoryLocker } from './memory-locker.ts'
import { ongoing } from './ongoing.ts'
import type { Protocol, Target } from './protocol.ts'
import type { Route, UploadRoutes } from './routes.ts'
import { fixedRoute } from './routes.ts'
import type { StandardSchema } from './standard-schema.ts'
import type { UploadStore } from './store.ts'
import { storeCan } from './store.ts'
import { sweeper } from './sweeper.ts'
import { tus } from './tus/index.ts'
import { digestFields } from './tus/outcome.ts'
import { typedHooks } from './typed-hooks.ts'
import { downloadable } from './uploads-as-downloads.ts'
import type { UrlOptions, UrlPolicy } from './urls.ts'
import { urlPolicy } from './urls.ts'
import { wholeDigests } from './whole-digest.ts'

/**
 * How an upload server is set up. Only `path` and `store` are required.
 *
 * @typeParam Context - what the adapter passes to hooks
 * @typeParam Values - what the `metadata` schema makes of `Upload-Metadata`
 */
export interface UploadServerOptions<Context = unknown, Values = Metadata> extends UrlOptions {
  /**
   * Where uploads are created, below whatever the host mounts the adapter at; each upload lives one
   * segment below. For example `/files`. Or a function of the path, for more than one such place.
   */
  readonly path: string | UploadRoutes
  readonly store: UploadStore
  /** Shared by every process that serves the same store. Defaults to one for this process alone. */
  readonly locker?: Locker
  readonly hooks?: UploadHooks<Context, Values>
  /**
   * A schema (zod, valibot, arktype or any other Standard Schema) for the client's metadata, whose
   * values it sees as text. Creation is refused, naming the field, when they do not fit.
   */
  readonly metadata?: StandardSchema<Values>
  /** Told what happens. What it throws is dropped: it cannot fail a request. */
  readonly onEvent?: (event: UploadEvent) => void
  /** Bytes one upload may hold. No limit by default. */
  readonly maxLength?: number
  /** Milliseconds an incomplete upload is kept. Kept for ever by default. */
  readonly expireAfter?: number
  /** What `expireAfter` counts from; `activity`, the default, is the last time the upload grew. */
  readonly expireFrom?: 'activity' | 'creation'
  /**
   * Milliseconds a completed or rejected upload is kept before the sweep removes it, bytes and all.
   * Kept for ever by default; set it when the `finish` hook moves the bytes elsewhere.
   */
  readonly keepCompleted?: number
  /** Milliseconds between sweeps; by default as short as the times above ask for, ten minutes at most. */
  readonly sweepEvery?: number
  /** Milliseconds a body may pause before it is ended; what arrived is kept. A minute by default. */
  readonly idleTimeout?: number
  /** Milliseconds a request waits for an upload that is in use. Ten seconds by default. */
  readonly leaseTimeout?: number
  /**
   * What becomes of partial uploads that were joined. With `expire`, the default, they stay as long as
   * `expireAfter` says, so that a client that lost the answer can join them again; with `remove` they
   * go once the final upload is complete.
   */
  readonly parts?: 'remove' | 'expire'
  /** The digests offered to clients to verify what they send. None by default. */
  readonly checksums?: ChecksumProvider
  /**
   * The algorithm, one of those in `checksums`, by which a digest of each whole upload is kept. It is
   * given to the `finish` hook, sent as `Repr-Digest`, and compared with what the client announced
   * in its metadata under the algorithm's name: if that differs, the upload is rejected.
   */
  readonly digest?: string
  /** Answers GET on a completed upload with its bytes. Off by default. */
  readonly downloads?: boolean
  /** Lets browsers of other origins use the server. Off by default: nothing is sent. */
  readonly cors?: CorsPolicy | false
}

/** An upload server for an adapter to mount. */
export interface UploadServer<Context = unknown> extends RequestHandler<Context> {
  /** Sweeps now. It also happens by itself when `expireAfter` or `keepCompleted` is set. */
  sweep(): Promise<SweepReport>
  /** Removes an upload, ending whatever is being done with it. Throws `UploadError` if it is unknown. */
  remove(id: string): Promise<void>
  /**
   * Leaves in an orderly way: nothing new begins, bodies under way end with what arrived stored and
   * an answer that makes clients come back. Resolves when the last request has been answered.
   */
  close(): Promise<void>
}

const MINUTE = 60_000

/** The server itself, acting on its own. */
const NOBODY = { context: null, signal: new AbortController().signal }

/**
 * Makes a server that speaks tus 1.0 over any host and store.
 *
 * @throws Error when an option makes no sense, such as a `path` without a leading slash
 */
export function createUploadServer<Context = unknown, Values = Metadata>(
  options: UploadServerOptions<Context, Values>,
): UploadServer<Context> {
  const routes = typeof options.path === 'string' ? fixedRoute(options.path) : options.path
  const urls = urlPolicy(options)
  const protocol = tus()
  const closing = new AbortController()
  const emit = quiet(options.onEvent)
  const requests = ongoing()
  const engine: UploadEngine<Context> = createEngine<Context>({
    store: options.store,
    locker: options.locker ?? memoryLocker(),
    hooks: typedHooks(options.hooks ?? {}, options.metadata),
    capabilities: capabilitiesOf(options.store, options),
    checksums: options.checksums ?? null,
    limits: limitsOf(options),
    emit,
    newId: () => crypto.randomUUID().replaceAll('-', ''),
    closing: closing.signal,
    digests:
      options.digest === undefined
        ? null
        : wholeDigests(options.digest, options.checksums, options.store),
    waiting: waitingFinals((id) => requests.track(engine.inspect(id, NOBODY)).catch(report(id))),
  })
  const sweeping = sweeper(sweepInterval(options), () =>
    requests.track(engine.sweep()).catch(report(null)),
  )
  sweeping.start()

  /** What fails with nobody there to tell is an event, and a refusal then is no failure. */
  function report(id: string | null): (error: unknown) => void {
    return (error) => {
      if (!isUploadError(error)) emit({ type: 'failed', id, error })
    }
  }

  async function answer(request: HttpRequest<Context>): Promise<HttpResponse> {
    const route = routes.match(request.path)
    try {
      if (route === null) throw new UploadError('not_found', 'there is nothing at this path')
      return await dispatch(request, targetOf(request, route, routes, urls))
    } catch (error) {
      return refuse(request, route?.id ?? null, error)
    }
  }

  async function dispatch(request: HttpRequest<Context>, target: Target): Promise<HttpResponse> {
    if (request.method === 'OPTIONS')
      return { status: 204, headers: protocol.describe(engine, request) }
    if (request.method === 'GET' && options.downloads === true && target.id !== null) {
      return serve(options.store, engine, target.id, request)
    }
    return protocol.handle(request, target, engine)
  }

  function refuse(request: HttpRequest<Context>, id: string | null, error: unknown): HttpResponse {
    if (isUploadError(error)) return protocol.refuse(request, error)
    emit({ type: 'failed', id, error })
    const hidden = new UploadError('internal', 'something went wrong on the server, try again')
    return { ...protocol.refuse(request, hidden), cause: error }
  }

  const server: RequestHandler<Context> = {
    matches: (path) => routes.match(path) !== null,
    handle(request) {
      sweeping.start()
      return requests.track(answer(overridden(request)))
    },
  }
  return {
    ...(options.cors ? withCors(options.cors, server) : server),
    sweep: () => requests.track(engine.sweep()),
    remove: (id) => engine.remove(id, NOBODY),
    async close() {
      sweeping.stop()
      closing.abort(leaving())
      await requests.idle()
    },
  }
}

/** tus 1.0, X-HTTP-Method-Override: for clients that cannot send PATCH or DELETE. */
function overridden<Context>(request: HttpRequest<Context>): HttpRequest<Context> {
  const method = request.headers.get('x-http-method-override')?.trim().toUpperCase()
  if (method === undefined || method === '') return request
  // Field by field: an adapter's request may be an object whose fields are getters of its class.
  const { path, prefix, headers, body, signal, context, remoteAddress, inform, trailers } = request
  return {
    ...{ method, path, prefix, headers, body, signal, context, remoteAddress },
    ...(inform === undefined ? {} : { inform }),
    ...(trailers === undefined ? {} : { trailers }),
  }
}

function targetOf(
  request: HttpRequest,
  route: Route,
  routes: UploadRoutes,
  urls: UrlPolicy,
): Target {
  return {
    id: route.id,
    urlOf: (id) => urls.locate(request, `${route.collection}/${id}`),
    locate: (location) => urls.locate(request, location),
    idOf(url) {
      const path = urls.localPath(request, url)
      return path === null ? null : (routes.match(path)?.id ?? null)
    },
  }
}

async function serve<Context>(
  store: UploadStore,
  engine: UploadEngine<Context>,
  id: string,
  request: HttpRequest<Context>,
): Promise<HttpResponse> {
  if (!storeCan(store, 'read')) {
    throw new UploadError('unsupported_method', 'this store does not give uploads out', {
      headers: { allow: 'HEAD, PATCH, DELETE, OPTIONS' },
    })
  }
  const upload = await engine.read(id, request)
  const response = download(request, downloadable(store, upload))
  return {
    ...response,
    headers: { ...response.headers, ...digestFields(upload.outcome) },
  }
}

type Times = Pick<
  UploadServerOptions,
  | 'expireAfter'
  | 'expireFrom'
  | 'keepCompleted'
  | 'sweepEvery'
  | 'parts'
  | 'idleTimeout'
  | 'leaseTimeout'
>

function limitsOf(options: Times): Limits {
  return {
    expireAfter: options.expireAfter ?? null,
    expireFrom: options.expireFrom ?? 'activity',
    keepCompleted: options.keepCompleted ?? null,
    parts: options.parts ?? 'expire',
    idleTimeout: options.idleTimeout ?? MINUTE,
    leaseTimeout: options.leaseTimeout ?? MINUTE / 6,
  }
}

function sweepInterval(options: Times): number | null {
  const times = [options.expireAfter, options.keepCompleted].filter((time) => time !== undefined)
  if (times.length === 0) return null
  return options.sweepEvery ?? Math.max(1_000, Math.min(10 * MINUTE, ...times))
}

/** Listeners cannot fail a request. */
function quiet(listener: UploadServerOptions['onEvent']): (event: UploadEvent) => void {
  return (event) => {
    try {
      listener?.(event)
    } catch {
      // There is nobody left to tell: the listener is where failures are told.
    }
  }
}
