import type { Digest, ExpectedChecksum } from '../engine/commands.ts'
import { UploadError } from '../model/error.ts'
import { parseChecksum } from '../grammar/checksum.ts'
import type { HttpRequest } from '../model/http.ts'

const NAME = 'upload-checksum'

/** tus 1.0, checksum and checksum-trailer: the digest that the bytes of a request must have. */
export function expectedChecksum(request: HttpRequest): ExpectedChecksum | null {
  const field = request.headers.get(NAME)
  if (field !== null) {
    const digest = readDigest(field)
    return {
      algorithm: digest.algorithm,
      isAnnounced: true,
      read: () => Promise.resolve(digest),
    }
  }
  if (isInTrailer(request)) return trailingChecksum(request, true)
  return mayHaveTrailer(request) ? trailingChecksum(request, false) : null
}

/** A client should announce its trailer, and need not. tus 1.0 allows a trailer only after a chunked body. */
function mayHaveTrailer({ headers, trailers }: HttpRequest): boolean {
  return trailers !== undefined && headers.get('content-length') === null
}

function isInTrailer(request: HttpRequest): boolean {
  const names = (request.headers.get('trailer') ?? '').split(',')
  return names.some((name) => name.trim().toLowerCase() === NAME)
}

function trailingChecksum({ trailers }: HttpRequest, isAnnounced: boolean): ExpectedChecksum {
  if (trailers === undefined) {
    throw new UploadError(
      'unsupported_extension',
      'send upload-checksum as a header, not as a trailer',
    )
  }
  return {
    algorithm: null,
    isAnnounced,
    async read() {
      const field = (await trailers()).get(NAME)
      return field === null ? null : readDigest(field)
    },
  }
}

function readDigest(field: string): Digest {
  const digest = parseChecksum(field)
  if (digest === null) {
    throw new UploadError(
      'malformed_request',
      'upload-checksum must be an algorithm, a space and a base64 digest',
    )
  }
  return digest
}
