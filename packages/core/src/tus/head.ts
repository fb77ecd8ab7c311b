import type { UploadEngine } from '../engine/engine.ts'
import { assertNotRejected } from '../engine/rejection.ts'
import type { HeaderFields, HttpRequest, HttpResponse } from '../model/http.ts'
import type { Target, UploadTarget } from '../protocol/protocol.ts'
import type { UploadInfo } from '../model/upload.ts'
import { addState } from './fields.ts'

/** tus 1.0, core protocol: HEAD. */
export async function inspectUpload<Context>(
  request: HttpRequest<Context>,
  target: UploadTarget,
  engine: UploadEngine<Context>,
): Promise<HttpResponse> {
  const upload = await engine.inspect(target.id, request, { completion: 'at_length' })
  assertNotRejected(upload)
  return { status: 200, headers: describe(engine, target, upload) }
}

function describe(engine: UploadEngine<never>, target: Target, upload: UploadInfo): HeaderFields {
  const { length, concatenation, concatenationField, metadata } = upload
  const fields: Record<string, string> = { 'cache-control': 'no-store' }
  if (length !== null) fields['upload-length'] = String(length)
  // The length of a final upload is not deferred. It follows from the lengths of its parts.
  else if (concatenation?.kind !== 'final') fields['upload-defer-length'] = '1'
  if (concatenationField !== null) fields['upload-concat'] = concatenationField
  if (metadata !== '') fields['upload-metadata'] = metadata
  return addState(fields, engine, target, upload)
}
