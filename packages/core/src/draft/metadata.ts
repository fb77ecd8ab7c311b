import { parseDigestField } from '../grammar/digest.ts'
import { encodeBase64 } from '../grammar/base64.ts'
import { formatMetadata, parseMetadata } from '../grammar/metadata.ts'
import { dispositionFileName } from '../grammar/parse-disposition.ts'
import type { HeaderReader } from '../model/http.ts'
import type { DraftRequest } from './draft-request.ts'

/**
 * The metadata of a new upload in the form of tus, so that hooks and downloads handle both protocols in the
 * same way. Uses `Upload-Metadata` if the client sent it, as some do, and otherwise the media type and the
 * file name of the content. Adds the digest that the client announced for the whole upload.
 */
export function metadataOf<Context>({ request, engine }: DraftRequest<Context>): string {
  const { headers } = request
  const values = new Map<string, string | Uint8Array>(given(headers) ?? representation(headers))
  const { digest: algorithm } = engine.capabilities
  const digest = parseDigestField(headers.get('repr-digest') ?? '').get(algorithm ?? '')
  if (algorithm !== null && digest !== undefined) values.set(algorithm, encodeBase64(digest))
  return formatMetadata(values)
}

function given(headers: HeaderReader): ReadonlyMap<string, Uint8Array> | null {
  const metadata = parseMetadata(headers.get('upload-metadata') ?? '')
  return metadata === null || metadata.size === 0 ? null : metadata
}

function* representation(headers: HeaderReader): Iterable<readonly [string, string]> {
  const fileName = dispositionFileName(headers.get('content-disposition') ?? '')
  if (fileName !== null && fileName !== '') yield ['filename', fileName]
  const mediaType = headers.get('content-type')?.trim() ?? ''
  if (mediaType !== '') yield ['filetype', mediaType]
}
