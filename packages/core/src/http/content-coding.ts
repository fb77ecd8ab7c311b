import { UploadError } from '../model/error.ts'
import type { HeaderReader } from '../model/http.ts'

/**
 * Refuses a body with a content coding such as gzip: the coded bytes would become the content of the
 * upload (RFC 9110, section 8.4).
 */
export function assertNotCoded(headers: HeaderReader): void {
  const codings = (headers.get('content-encoding') ?? '').split(',').map((coding) => coding.trim())
  if (codings.every((coding) => coding === '' || coding.toLowerCase() === 'identity')) return
  throw new UploadError('unsupported_media_type', 'send the body without a content-encoding', {
    headers: { 'accept-encoding': 'identity' },
  })
}
