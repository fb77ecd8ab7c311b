import { UploadError } from '../model/error.ts'
import type { HttpRequest } from '../model/http.ts'
import { announcesLength } from './fields.ts'

/** Milliseconds that a client may take to send the first byte of a body without a type. */
const PATIENCE = 10_000

/**
 * True if a chunked body without a content type is empty. Some clients send every POST chunked, and without a
 * content type if it has no body. This reads such a body up to its first byte, and no other body.
 */
export async function isEmptyAfterAll(request: HttpRequest): Promise<boolean> {
  const { headers } = request
  if (headers.get('content-type') !== null || announcesLength(headers)) return false
  const chunks = request.body[Symbol.asyncIterator]()
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooLate()), PATIENCE)
  })
  try {
    return await Promise.race([hasEnded(chunks), late])
  } finally {
    clearTimeout(timer)
    void chunks.return?.()
  }
}

async function hasEnded(chunks: AsyncIterator<Uint8Array>): Promise<boolean> {
  for (;;) {
    const result = await chunks.next().catch(() => {
      throw new UploadError('interrupted', 'the connection ended before the body')
    })
    if (result.done === true) return true
    if (result.value.byteLength > 0) return false
  }
}

function tooLate(): UploadError {
  return new UploadError('interrupted', 'no bytes came for too long, send the request again')
}
