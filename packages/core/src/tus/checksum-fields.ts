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
    return { algorithm: digest.algorithm, read: () => Promise.resolve(digest) }
  }
  return isInTrailer(request) ? trailingChecksum(request) : null
}

function isInTrailer(request: HttpRequest): boolean {
  const names = (request.headers.get('trailer') ?? '').split(',')
  return names.some((name) => name.trim().toLowerCase() === NAME)
}

function trailingChecksum({ trailers }: HttpRequest): ExpectedChecksum {
  if (trailers === undefined) {
    throw new UploadError(
      'unsupported_extension',
      'send upload-checksum as a header, not as a trailer',
    )
  }
  return {
    algorithm: null,
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
