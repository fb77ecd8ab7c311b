import { checksums } from '@tusker/checksums'
import { contentServer, directoryTree } from '@tusker/content'
import type { CorsPolicy, RequestHandler, UploadEvent, UploadServerOptions } from '@tusker/core'
import { createUploadServer, urlPolicy, withAllowedHosts } from '@tusker/core'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { health } from './health.ts'
import { uploadEvents } from './live/upload-events.ts'
import { uploadWatch } from './live/upload-poller.ts'
import { maskedId } from './masked.ts'
import { readPageFiles } from './page/page-files.ts'
import { unknownPath, withErrorPages } from './page/error-pages.ts'
import { pageHandler } from './page/page-handler.ts'
import { askingOnThePage } from './session/session-access.ts'
import { signIn } from './session/sign-in.ts'
import type { Settings } from './settings.ts'
import { openStorage } from './storage.ts'
import type { Users } from './users.ts'

/** Everything that the demo serves. */
export interface DemoHandler extends RequestHandler {
  /** Removes uploads that expired while the demo was not running. */
  sweep(): Promise<void>
  close(): Promise<void>
}

/** Builds the demo from its packages. */
export async function demoHandler(
  settings: Settings,
  users: Users,
  logger: Logger,
): Promise<DemoHandler> {
  const { dataDirectory, uploadDirectory } = settings
  const shared = sharedOptions(settings, logger)
  const storage = await openStorage(settings, logger)
  const { access, sessions, pages } = await signIn(settings, users)
  const content = contentServer({
    ...shared,
    onEvent(event) {
      shared.onEvent(event)
      if (event.type !== 'progress' && event.type !== 'failed') watch.hint()
    },
    path: '/content',
    tree: directoryTree({ directory: join(dataDirectory, 'content') }),
    ...storage.placeFor('content', uploadDirectory),
    access,
  })
  const files = createUploadServer({
    ...shared,
    path: '/files',
    ...storage.placeFor('files', join(dataDirectory, 'files')),
    downloads: true,
  })
  const watch = uploadWatch(content, (err) => logger.error({ err }, 'looking at uploads failed'))
  const parts = [
    askingOnThePage(content, sessions),
    files,
    uploadEvents({ watch, content, access, urls: urlPolicy(shared) }),
    pages,
    pageHandler(await readPageFiles(settings.pageDirectory)),
    health,
    unknownPath,
  ]
  const whole: RequestHandler = {
    matches: () => true,
    handle(request) {
      const part = parts.find((each) => each.matches(request.path)) ?? unknownPath
      return part.handle(request)
    },
  }

  return {
    ...withHosts(settings, withErrorPages(whole, settings.publicUrl)),
    async sweep() {
      await Promise.all([content.sweep(), files.sweep()])
    },
    async close() {
      watch.close()
      await Promise.all([content.close(), files.close()])
      storage.close()
    },
  }
}

function withHosts({ allowedHosts }: Settings, handler: RequestHandler): RequestHandler {
  return allowedHosts === null ? handler : withAllowedHosts(allowedHosts, handler)
}

/** The CORS policy of all responses; undefined for none. */
export function corsPolicy({ corsOrigins, corsHeaders }: Settings): CorsPolicy | undefined {
  if (corsOrigins === undefined) return undefined
  return { origins: corsOrigins, credentials: corsOrigins !== '*', allowHeaders: corsHeaders }
}

/** The options of both upload servers. */
function sharedOptions(
  settings: Settings,
  logger: Logger,
): Pick<UploadServerOptions, 'cors' | 'checksums' | 'maxLength' | 'publicUrl'> & {
  readonly expireAfter: number
  readonly onEvent: (event: UploadEvent) => void
} {
  const { maxLength, expireAfter, publicUrl } = settings
  return {
    cors: corsPolicy(settings) ?? false,
    expireAfter,
    checksums: checksums(),
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(publicUrl === undefined ? {} : { publicUrl }),
    onEvent: (event) => logEvent(logger, event),
  }
}

function logEvent(logger: Logger, event: UploadEvent): void {
  if (event.type === 'failed') {
    const upload = event.id === null ? null : maskedId(event.id)
    logger.error({ upload, err: event.error }, 'failed')
    return
  }
  const id = event.type === 'removed' ? event.id : event.upload.id
  logger.debug({ upload: id }, event.type)
}
