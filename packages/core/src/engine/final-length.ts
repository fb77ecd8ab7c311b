import { UploadError } from '../model/error.ts'
import type { UploadInfo } from '../model/upload.ts'
import type { Completion } from './commands.ts'
import type { Session } from './ports.ts'

/** Declares the length of an upload without one, if the body that was just received completes it. */
export async function withFinalLength<Context>(
  { ports, lease }: Session<Context>,
  upload: UploadInfo,
  { completion }: { readonly completion: Completion },
): Promise<UploadInfo> {
  const { id, length, offset, outcome } = upload
  if (completion !== 'with_body' || outcome !== null || length === offset) return upload
  if (length !== null) {
    throw new UploadError('length_mismatch', `the upload has ${offset} of its ${length} bytes`)
  }
  await ports.store.declareLength?.(id, offset, lease.token)
  return { ...upload, length: offset }
}
