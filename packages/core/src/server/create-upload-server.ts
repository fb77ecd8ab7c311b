import { resumableUpload } from '../draft/index.ts'
import type { UploadMetadata } from '../grammar/metadata.ts'
import type { UploadServerOptions } from '../options.ts'
import { tus } from '../tus/index.ts'
import type { UploadServer } from './server.ts'
import { createUploadServerWith } from './server.ts'

/**
 * Creates an upload server for any host and store. It supports tus 1.0 and Resumable Uploads for HTTP, unless
 * the option `protocols` names others.
 *
 * @throws TypeError when an option is missing, unknown or not valid
 */
export function createUploadServer<Context = unknown, Values = UploadMetadata>(
  options: UploadServerOptions<Context, Values>,
): UploadServer<Context> {
  // `createUploadServerWith` throws for a value that is not an object.
  if (typeof options !== 'object') return createUploadServerWith(options)
  return createUploadServerWith({
    ...options,
    protocols: options.protocols ?? [tus(), resumableUpload()],
  })
}
