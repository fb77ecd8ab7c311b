import type {
  Duration,
  HttpRequest,
  HttpResponse,
  RequestHandler,
  SweepReport,
  UploadEvent,
  UploadServerOptions,
} from '@tusker/core'
import {
  checkOptions,
  createUploadServer,
  optionRules,
  sweeper,
  UploadError,
  urlPolicy,
  withCors,
  withMethodOverride,
} from '@tusker/core'
import type { ContentAccess, Principal } from './access/access.ts'
import { unauthenticated } from './access/access.ts'
import { answerContent } from './endpoints/answer-content.ts'
import type { ContentRequest } from './endpoints/content-request.ts'
import { contentRequestOf, withContentContext } from './endpoints/content-request.ts'
import type { ContentHooks } from './content-hooks.ts'
import type { ContentRoute, UploadRoute } from './endpoints/content-routes.ts'
import { contentRoutes } from './endpoints/content-routes.ts'
import type { ContentTypes } from './content-types.ts'
import { contentTypes } from './content-types.ts'
import type { ContentStore, Ports } from './ports.ts'
import { contentErrorResponse } from './endpoints/error-response.ts'
import type { ContentTree } from './tree/content-tree.ts'
import type { ContentUpload } from './uploads/content-upload.ts'
import { contentUploads } from './uploads/content-upload.ts'
import { uploadHooks } from './uploads/upload-hooks.ts'

/** Options of the inner upload server that the application cannot set. */
type Reserved =
  | 'path'
  | 'store'
  | 'hooks'
  | 'context'
  | 'metadata'
  | 'downloads'
  | 'expireAfter'
  | 'keepCompleted'

/** Options of a content server. `tree`, `store` and `access` are required. */
export interface ContentServerOptions<Context = unknown>
  extends Omit<UploadServerOptions, Reserved> {
  readonly tree: ContentTree
  /** Keeps uploads until they are content. A store with `exportTo` saves a copy of each upload. */
  readonly store: ContentStore
  readonly access: ContentAccess<Context>
  /** The path of the tree's root, below the path where the host mounts the adapter. `/content` by default. */
  readonly path?: string
  /** Prefixes such as `/++api++` that may stand before or after `path`. They stay in the URLs of responses. */
  readonly virtualPrefixes?: readonly string[]
  /** The types of content; `contentTypes` by default. */
  readonly types?: ContentTypes
  readonly hooks?: ContentHooks
  /** How long an incomplete upload is kept after its last activity. An hour by default. */
  readonly expireAfter?: Duration
  /**
   * How long a client that lost the last response gets it again. After that the record
   * of the upload is removed; the content stays. A day by default.
   */
  readonly keepCompleted?: Duration
}

/** A content server for an adapter to mount. */
export interface ContentServer<Context = unknown> extends RequestHandler<Context> {
  /** Sweeps the uploads and the tree now. Sweeps also run automatically. */
  sweep(): Promise<SweepReport>
  /**
   * The uploads in the store, also those of other processes: unfinished uploads, and completed and
   * rejected ones while they are kept. Leaves out expired and damaged uploads, and those whose id
   * `skip` returns true for, which are not read.
   */
  uploads(skip?: (id: string) => boolean): AsyncIterable<ContentUpload>
  /** True if a principal may see an upload: as its owner, or with `manage` on the upload's context. */
  maySee(principal: Principal | null, upload: ContentUpload): Promise<boolean>
  /** Closes the server in an orderly way; see `UploadServer`. */
  close(): Promise<void>
}

const HOUR = 60 * 60 * 1000

const REQUIRED = {
  tree: optionRules.required(
    optionRules.objectWith(
      "a tree, such as directoryTree({ directory: './content' })",
      'find',
      'add',
    ),
  ),
  store: optionRules.required(
    optionRules.objectWith('a store that can read, such as fsStore', 'find', 'append', 'read'),
  ),
  access: optionRules.required(
    optionRules.objectWith('rights, such as basicAccess({ users, rights })', 'may'),
  ),
}

/**
 * Makes a server for a tree of content that grows by resumable uploads.
 *
 * @throws Error when an option is not valid, such as a `path` without a leading slash
 */
export function contentServer<Context = unknown>(
  options: ContentServerOptions<Context>,
): ContentServer<Context> {
  const { tree, store, access } = options
  // The upload server checks the others.
  checkOptions('contentServer', { tree, store, access }, REQUIRED)
  const routes = contentRoutes(options.path ?? '/content', options.virtualPrefixes ?? [])
  const ports: Ports<Context> = {
    tree,
    access,
    store: options.store,
    urls: urlPolicy(options),
    types: options.types ?? contentTypes,
    hooks: options.hooks ?? {},
  }
  // The upload server refuses options that it does not know.
  const {
    tree: _tree,
    access: _access,
    virtualPrefixes: _prefixes,
    types: _types,
    ...rest
  } = options
  const uploads = createUploadServer<ContentRequest<Context, UploadRoute>>({
    keepCompleted: 24 * HOUR,
    ...rest,
    expireAfter: options.expireAfter ?? HOUR,
    path: { match: (path: string) => uploadRoute(routes.match(path)) },
    hooks: uploadHooks(ports),
    onEvent: observe,
    cors: false,
  })
  const sweeping = sweeper(HOUR, sweepTree)
  void sweepTree()
  sweeping.start()

  async function sweepTree(): Promise<void> {
    await tree.sweep?.().catch(report)
  }

  function observe(event: UploadEvent): void {
    options.onEvent?.(event)
    if (event.type !== 'completed' && event.type !== 'rejected') return
    void tree.settled?.(event.upload.id).catch(report)
  }

  function report(error: unknown): void {
    observe({ type: 'failed', id: null, error })
  }

  async function answer(request: HttpRequest<Context>): Promise<HttpResponse> {
    const route = routes.match(request.path)
    try {
      if (route === null) throw new UploadError('not_found', 'there is no content at this path')
      if (route.kind !== 'upload') {
        return await answerContent(ports, contentRequestOf(request, route, access))
      }
      // Once, before anything looks at the method.
      const call = contentRequestOf(withMethodOverride(request), route, access)
      await admit(access, call)
      return await uploads.handle(withContentContext(call))
    } catch (error) {
      return contentErrorResponse(request, route, error, { refuse: uploads.refuse, report })
    }
  }

  const server = { matches: routes.matches, handle: answer }
  return {
    ...(options.cors ? withCors(options.cors, server) : server),
    uploads: (skip = () => false) => contentUploads(options.store, uploads.expiryOf, skip),
    async maySee(principal, { owner, context }) {
      if (principal !== null && principal.name === owner) return true
      return access.may(principal, 'manage', context)
    },
    async sweep() {
      await tree.sweep?.()
      return uploads.sweep()
    },
    async close() {
      sweeping.stop()
      await uploads.close()
    },
  }
}

function uploadRoute(route: ContentRoute | null): UploadRoute | null {
  return route?.kind === 'upload' ? route : null
}

/**
 * Runs before anything is looked up: a client that is not signed in cannot find out which uploads
 * exist, and a client whose session has ended does not take its upload for lost. OPTIONS gives every
 * client the same response.
 */
async function admit<Context>(
  access: ContentAccess<Context>,
  { request, route, principal }: ContentRequest<Context>,
): Promise<void> {
  if (request.method === 'OPTIONS' || (await principal()) !== null) return
  if (await access.may(null, 'add', route.path)) return
  if (await access.may(null, 'modify', route.path)) return
  throw unauthenticated(access, 'sign in first')
}
