import { resumableUpload } from '../draft/index.ts'
import type { UploadMetadata } from '../grammar/metadata.ts'
import type { UploadServerOptions } from '../options.ts'
import { tus } from '../tus/index.ts'
import type { UploadServer } from './server.ts'
import { createUploadServerWith } from './server.ts'

/**
 * Makes an upload server for any host and store. It speaks tus 1.0 and Resumable Uploads for HTTP, unless
 * `protocols` says otherwise.
 *
 * @throws Error when an option makes no sense, such as a `path` without a leading slash
 */
export function createUploadServer<Context = unknown, Values = UploadMetadata>(
  options: UploadServerOptions<Context, Values>,
): UploadServer<Context> {
  const { protocols = [tus(), resumableUpload()] } = options
  return createUploadServerWith({ ...options, protocols })
}
