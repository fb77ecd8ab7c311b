import type { UploadEngine } from '../engine/engine.ts'
import { assertNotRejected } from '../engine/rejection.ts'
import type { HeaderFields, HttpRequest, HttpResponse } from '../model/http.ts'
import type { Target } from '../protocol/protocol.ts'
import type { UploadInfo } from '../model/upload.ts'
import { ownLimitField, progressFields } from './fields.ts'
import { outcomeFields } from '../http/outcome-fields.ts'

/** tus 1.0, core protocol: HEAD. */
export async function inspectUpload<Context>(
  request: HttpRequest<Context>,
  target: Target & { readonly id: string },
  engine: UploadEngine<Context>,
): Promise<HttpResponse> {
  const upload = await engine.inspect(target.id, request, { completion: 'at_length' })
  assertNotRejected(upload)
  return {
    status: 200,
    headers: {
      ...progressFields(engine, upload),
      ...describe(upload),
      ...ownLimitField(engine, upload),
      ...outcomeFields(target, upload),
      'cache-control': 'no-store',
    },
  }
}

function describe(upload: UploadInfo): HeaderFields {
  return {
    ...lengthFields(upload),
    ...(upload.concatenationField === null ? {} : { 'upload-concat': upload.concatenationField }),
    ...(upload.metadata === '' ? {} : { 'upload-metadata': upload.metadata }),
  }
}

/** The length of a final upload is not deferred. It follows from the lengths of its parts. */
function lengthFields({ length, concatenation }: UploadInfo): HeaderFields {
  if (length !== null) return { 'upload-length': String(length) }
  return concatenation?.kind === 'final' ? {} : { 'upload-defer-length': '1' }
}
