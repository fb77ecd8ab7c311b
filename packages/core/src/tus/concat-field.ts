import { UploadError } from '../model/error.ts'
import { parseConcat } from '../grammar/concat.ts'
import type { HttpRequest } from '../model/http.ts'
import type { Target } from '../protocol/protocol.ts'
import type { Concatenation } from '../model/upload.ts'

/** The parsed `Upload-Concat` of a new upload, and the field as received for later responses. */
export interface ConcatRequest {
  readonly concatenation: Concatenation | null
  readonly concatenationField: string | null
}

/** tus 1.0, concatenation: reads `Upload-Concat`. Parts are recognised by path and never fetched. */
export function concatField(request: HttpRequest, target: Target, offered: boolean): ConcatRequest {
  const field = request.headers.get('upload-concat')
  if (field === null) return { concatenation: null, concatenationField: null }
  if (!offered) {
    throw new UploadError('unsupported_extension', 'uploads cannot be concatenated here')
  }
  const parsed = parseConcat(field)
  if (parsed === null) {
    throw new UploadError(
      'malformed_request',
      'upload-concat must be "partial", or "final;" and the URLs of the parts',
    )
  }
  if (parsed.kind === 'partial') return { concatenation: parsed, concatenationField: field }
  const parts = parsed.urls.map((url, index) => partId(target, url, index))
  return { concatenation: { kind: 'final', parts }, concatenationField: field }
}

function partId(target: Target, url: string, index: number): string {
  const id = target.idOf(url)
  if (id === null) {
    throw new UploadError('invalid_part', `part ${index + 1} is not the URL of an upload here`)
  }
  return id
}
