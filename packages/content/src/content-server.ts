import type {
  HttpRequest,
  HttpResponse,
  RequestHandler,
  SweepReport,
  UploadEvent,
  UploadServerOptions,
} from '@tusker/core'
import { createUploadServer, UploadError, urlPolicy, withCors } from '@tusker/core'
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
import { repeat } from './repeat.ts'
import type { ContentTree } from './tree/content-tree.ts'
import type { ContentUpload } from './uploads/content-upload.ts'
import { contentUploads } from './uploads/content-upload.ts'
import { endOfOthers } from './uploads/cancel-upload.ts'
import { uploadHooks } from './uploads/upload-hooks.ts'

/** The options of the upload server inside that are not for the application to set. */
type Settled =
  | 'path'
  | 'store'
  | 'hooks'
  | 'metadata'
  | 'downloads'
  | 'expireAfter'
  | 'keepCompleted'

/** How a content server is set up. `tree`, `store` and `access` are required. */
export interface ContentServerOptions<Context = unknown>
  extends Omit<UploadServerOptions, Settled> {
  readonly tree: ContentTree
  /** Where uploads are until they are content. One with `exportTo` saves a copy of each of them. */
  readonly store: ContentStore
  readonly access: ContentAccess<Context>
  /** Where the root of the tree is, below whatever the host mounts the adapter at. `/content` by default. */
  readonly path?: string
  /** Prefixes such as `/++api++` that may stand before or behind `path`, and stay in URLs given out. */
  readonly virtualPrefixes?: readonly string[]
  /** The types that content can have; `contentTypes` by default. */
  readonly types?: ContentTypes
  readonly hooks?: ContentHooks
  /** Milliseconds an incomplete upload is kept after its last activity. An hour by default. */
  readonly expireAfter?: number
  /**
   * Milliseconds for which a client that lost the last answer gets it again. What goes then is the
   * upload; the content stays. A day by default.
   */
  readonly keepCompleted?: number
}

/** A content server for an adapter to mount. */
export interface ContentServer<Context = unknown> extends RequestHandler<Context> {
  /** Sweeps uploads and tree now. It also happens by itself. */
  sweep(): Promise<SweepReport>
  /**
   * The uploads that the store holds, of other processes too: unfinished ones, and ended ones as long
   * as they are kept. Those that `skip` names are not looked at. Abandoned and damaged ones are left out.
   */
  uploads(skip?: (id: string) => boolean): AsyncIterable<ContentUpload>
  /** Whether somebody may hear of an upload: its owner, and whoever has `manage` where it is for. */
  maySee(principal: Principal | null, upload: ContentUpload): Promise<boolean>
  /** Leaves in an orderly way; see `UploadServer`. */
  close(): Promise<void>
}

const HOUR = 60 * 60 * 1000

/**
 * Makes a server for a tree of content that grows by resumable uploads.
 *
 * @throws Error when an option makes no sense, such as a `path` without a leading slash
 */
export function contentServer<Context = unknown>(
  options: ContentServerOptions<Context>,
): ContentServer<Context> {
  const { tree, access } = options
  const routes = contentRoutes(options.path ?? '/content', options.virtualPrefixes ?? [])
  const ports: Ports<Context> = {
    tree,
    access,
    store: options.store,
    urls: urlPolicy(options),
    types: options.types ?? contentTypes,
    hooks: options.hooks ?? {},
  }
  const { expireAfter = HOUR, expireFrom = 'activity' } = options
  const uploads = createUploadServer<ContentRequest<Context, UploadRoute>>({
    keepCompleted: 24 * HOUR,
    ...options,
    expireAfter,
    path: { match: (path: string) => uploadRoute(routes.match(path)) },
    hooks: uploadHooks(ports),
    onEvent: observe,
    cors: false,
  })
  const sweeping = repeat(HOUR, () => tree.sweep?.().catch(report))

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
      const call = contentRequestOf(request, route, access)
      await admit(access, call)
      const ended = await endOfOthers(ports, call, (id) => uploads.remove(id))
      return ended ?? (await uploads.handle(withContentContext(call)))
    } catch (error) {
      return contentErrorResponse(request, route, error, report)
    }
  }

  const server = { matches: routes.matches, handle: answer }
  return {
    ...(options.cors ? withCors(options.cors, server) : server),
    uploads: (skip = () => false) =>
      contentUploads(options.store, { expireAfter, expireFrom }, skip),
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
 * Before anything is looked up: nobody learns what there is without signing in, and a client whose
 * session ended is not told that its upload is gone. OPTIONS answers everybody, and the same.
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
