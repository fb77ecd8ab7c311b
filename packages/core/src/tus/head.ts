import type { UploadEngine } from '../engine/engine.ts'
import { assertNotRejected } from '../engine/rejection.ts'
import type { HeaderFields, HttpRequest, HttpResponse } from '../model/http.ts'
import type { Target } from '../protocol/protocol.ts'
import type { UploadInfo } from '../model/upload.ts'
import { addProgress, ownLimitField } from './fields.ts'
import { outcomeFields } from '../http/outcome-fields.ts'

/** tus 1.0, core protocol: HEAD. */
export async function inspectUpload<Context>(
  request: HttpRequest<Context>,
  target: Target & { readonly id: string },
  engine: UploadEngine<Context>,
): Promise<HttpResponse> {
  const upload = await engine.inspect(target.id, request, { completion: 'at_length' })
  assertNotRejected(upload)
  return { status: 200, headers: describe(engine, target, upload) }
}

/** Written out, since HEAD is frequent, and each object spread costs more time than the rest of it. */
function describe(engine: UploadEngine<never>, target: Target, upload: UploadInfo): HeaderFields {
  const { length, concatenation, concatenationField, metadata, outcome } = upload
  const fields: Record<string, string> = { 'cache-control': 'no-store' }
  addProgress(fields, engine, upload)
  if (length !== null) fields['upload-length'] = String(length)
  // The length of a final upload is not deferred. It follows from the lengths of its parts.
  else if (concatenation?.kind !== 'final') fields['upload-defer-length'] = '1'
  if (upload.maxLength !== undefined) Object.assign(fields, ownLimitField(engine, upload))
  if (concatenationField !== null) fields['upload-concat'] = concatenationField
  if (metadata !== '') fields['upload-metadata'] = metadata
  return outcome === null ? fields : Object.assign(fields, outcomeFields(target, upload))
}
