import type { NodeContext } from '@tusker/adapter-node'
import { proxies } from '@tusker/adapter-node'
import { checksums } from '@tusker/checksums'
import type { CorsPolicy, RequestHandler, UploadServer, UploadServerOptions } from '@tusker/core'
import { createUploadServer, withAllowedHosts, withCors } from '@tusker/core'
import type { FsStore } from '@tusker/store-fs'
import { fsUploads, saveAs } from '@tusker/store-fs'
import type { UploadProgress } from '../progress/upload-progress.ts'
import type { Settings } from '../settings/settings.ts'
import { isLocal } from './greeting.ts'
import { requireCredentials } from './require-credentials.ts'

type Options = UploadServerOptions<NodeContext>

/** The handler of all requests, and the upload server within it. */
export interface UploadHandler {
  readonly handler: RequestHandler<NodeContext>
  readonly uploads: UploadServer<NodeContext>
}

/** Composes the upload server from the settings. */
export function uploadHandler(settings: Settings, progress: UploadProgress): UploadHandler {
  const { directory, path, downloads } = settings
  const { store, locker } = fsUploads({ directory, shared: true })
  const uploads = createUploadServer<NodeContext>({
    path,
    store,
    downloads,
    checksums: checksums(),
    locker,
    onEvent: (event) => progress.onEvent(event),
    ...limits(settings),
    ...urls(settings),
    ...hooks(settings, store, progress),
  })
  const guarded = requireCredentials(uploads, settings.credentials)
  return { handler: withHostsOf(settings, withCorsOf(settings, guarded)), uploads }
}

/**
 * The outermost layer. A page that gave its own name the address of this machine would need no CORS. A server
 * for this machine alone is reached by no other name; a proxy in front checks the names itself.
 */
function withHostsOf<Context>(
  { host, publicUrl, allowedHosts, trustedProxies }: Settings,
  handler: RequestHandler<Context>,
): RequestHandler<Context> {
  const names = [...(publicUrl === undefined ? [] : [new URL(publicUrl).hostname]), ...allowedHosts]
  const isForThisMachine = isLocal(host) && trustedProxies.length === 0
  if (names.length === 0 && !isForThisMachine) return handler
  return withAllowedHosts(
    names.filter((name) => !name.startsWith('[')),
    handler,
  )
}

/** CORS is the outer layer: without its fields a page could not read why it is refused. */
function withCorsOf<Context>(
  settings: Settings,
  handler: RequestHandler<Context>,
): RequestHandler<Context> {
  const policy = corsPolicy(settings)
  return policy === undefined ? handler : withCors(policy, handler)
}

/** The CORS policy of all responses; undefined for none. */
export function corsPolicy({ corsOrigins, corsHeaders }: Settings): CorsPolicy | undefined {
  if (corsOrigins === undefined) return undefined
  return { origins: corsOrigins, allowHeaders: corsHeaders }
}

function hooks(
  { into, downloads }: Settings,
  store: FsStore,
  progress: UploadProgress,
): Pick<Options, 'hooks'> {
  if (into === undefined) return {}
  const onComplete = saveAs(store, {
    directory: into,
    // Without downloads only the file needs the bytes.
    keepBytes: downloads,
    onSaved: ({ name }, { id }) => progress.savedAs(id, name),
  })
  return { hooks: { onComplete } }
}

function limits({
  maxLength,
  expireAfter,
  keepCompleted,
  idleTimeout,
}: Settings): Partial<Options> {
  return {
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(expireAfter === undefined ? {} : { expireAfter }),
    ...(keepCompleted === undefined ? {} : { keepCompleted }),
    ...(idleTimeout === undefined ? {} : { idleTimeout }),
  }
}

function urls({ publicUrl, trustedProxies }: Settings): Partial<Options> {
  return {
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(trustedProxies.length === 0 ? {} : { trustProxy: proxies(...trustedProxies) }),
  }
}
