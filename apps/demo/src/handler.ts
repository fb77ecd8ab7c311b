import { checksums } from '@tusker/checksums'
import { basicAccess, contentServer, directoryTree } from '@tusker/content'
import type { CorsPolicy, Locker, RequestHandler, UploadEvent } from '@tusker/core'
import { createUploadServer } from '@tusker/core'
import type { FsStore } from '@tusker/store-fs'
import { fileLocker, fsStore } from '@tusker/store-fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { pages } from './pages.ts'
import type { Settings } from './settings.ts'
import type { Users } from './users.ts'

/** All that the demo serves. */
export interface DemoHandler extends RequestHandler {
  /** Removes what was abandoned while the demo was not running. */
  sweep(): Promise<void>
  close(): Promise<void>
}

/** Puts the demo together from its packages. */
export function demoHandler(settings: Settings, users: Users, logger: Logger): DemoHandler {
  const { dataDirectory, uploadDirectory, corsOrigins, maxLength, expireAfter, publicUrl } =
    settings
  const cors: CorsPolicy | false =
    corsOrigins === undefined ? false : { origins: corsOrigins, credentials: corsOrigins !== '*' }
  const shared = {
    ...{ cors, expireAfter, checksums: checksums() },
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(publicUrl === undefined ? {} : { publicUrl }),
    onEvent: (event: UploadEvent) => logEvent(logger, event),
  }
  const content = contentServer({
    ...shared,
    path: '/content',
    tree: directoryTree({ directory: join(dataDirectory, 'content') }),
    ...uploadsIn(uploadDirectory),
    access: basicAccess(users),
  })
  const files = createUploadServer({
    ...shared,
    path: '/files',
    ...uploadsIn(join(dataDirectory, 'files')),
    downloads: true,
  })
  const parts = [content, files, pages]

  return {
    matches: (path) => parts.some((part) => part.matches(path)),
    handle(request) {
      const part = parts.find((each) => each.matches(request.path)) ?? pages
      return part.handle(request)
    },
    async sweep() {
      await Promise.all([content.sweep(), files.sweep()])
    },
    async close() {
      await Promise.all([content.close(), files.close()])
    },
  }
}

/** Milliseconds that uploads wait for a process that was killed: as long as a person hardly notices. */
const LEASE_TIME = 2_000

/** Other processes of the demo may serve the same directory, without clients staying with one of them. */
function uploadsIn(directory: string): { store: FsStore; locker: Locker } {
  return { store: fsStore({ directory }), locker: fileLocker({ directory, leaseTime: LEASE_TIME }) }
}

function logEvent(logger: Logger, event: UploadEvent): void {
  if (event.type === 'failed') {
    logger.error({ upload: event.id, err: event.error }, 'failed')
    return
  }
  const id = event.type === 'removed' ? event.id : event.upload.id
  logger.debug({ upload: id }, event.type)
}
