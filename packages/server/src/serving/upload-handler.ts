import type { NodeContext } from '@tusker/adapter-node'
import { proxies } from '@tusker/adapter-node'
import { checksums } from '@tusker/checksums'
import type { RequestHandler, UploadServer, UploadServerOptions } from '@tusker/core'
import { createUploadServer, withCors } from '@tusker/core'
import { fileLocker, fsStore } from '@tusker/store-fs'
import type { CompletedFiles } from '../files/completed-files.ts'
import { completedFiles } from '../files/completed-files.ts'
import type { Watch } from '../progress/upload-progress.ts'
import type { Settings } from '../settings/settings.ts'
import { guarded } from './basic-auth.ts'

type Options = UploadServerOptions<NodeContext>

/** What answers requests, and the upload server in it. */
export interface UploadHandler {
  readonly handler: RequestHandler<NodeContext>
  readonly uploads: UploadServer<NodeContext>
  /** Makes good what a process that died could not. */
  tidy(): Promise<void>
}

/** Puts the upload server together as the settings say. */
export function uploadHandler(settings: Settings, watch: Watch): UploadHandler {
  const { directory, path, downloads, into, corsOrigins } = settings
  const store = fsStore({ directory })
  const files = into === undefined ? null : completedFiles(store, into)
  const uploads = createUploadServer<NodeContext>({
    ...{ path, store, downloads, checksums: checksums() },
    locker: fileLocker({ directory }),
    ...limits(settings),
    ...urls(settings),
    ...(files && { hooks: hooksFor(files, watch) }),
    onEvent(event) {
      watch.event(event)
      const isOver = event.type === 'completed' || event.type === 'rejected'
      if (files !== null && isOver) {
        void files.forget(event.upload.id).catch((error: unknown) => {
          watch.event({ type: 'failed', id: event.upload.id, error })
        })
      }
    },
  })
  // Refusals need the fields of CORS as well, or a page never hears why.
  const guardedUploads = guarded(uploads, settings.credentials)
  const handler =
    corsOrigins === undefined ? guardedUploads : withCors({ origins: corsOrigins }, guardedUploads)
  return {
    ...{ handler, uploads },
    async tidy() {
      await uploads.sweep()
      await files?.tidy()
    },
  }
}

function hooksFor(files: CompletedFiles, watch: Watch): NonNullable<Options['hooks']> {
  return {
    async onComplete(upload) {
      watch.becomes(upload.id, await files.add(upload))
    },
  }
}

function limits({ maxLength, expireAfter, keepCompleted }: Settings): Partial<Options> {
  return {
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(expireAfter === undefined ? {} : { expireAfter }),
    ...(keepCompleted === undefined ? {} : { keepCompleted }),
  }
}

function urls({ publicUrl, trustedProxies }: Settings): Partial<Options> {
  return {
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(trustedProxies.length === 0 ? {} : { trustProxy: proxies(...trustedProxies) }),
  }
}
