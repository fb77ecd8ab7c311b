import { UploadError } from '../model/error.ts'
import type { HeaderReader, HttpRequest, HttpResponse } from '../model/http.ts'
import type { Protocol } from '../protocol/protocol.ts'
import { appendToUpload } from './append.ts'
import { createUpload } from './create.ts'
import type { DraftRequest } from './draft-request.ts'
import { completeField, mediaTypeOf, VERSION_FIELD, versionOf } from './fields.ts'
import type { RequestLimits } from './limits.ts'
import { checkedLimits, limitFields } from './limits.ts'
import { inspectUpload, removeUpload } from './look.ts'
import { problemResponse } from './problem.ts'
import { stateFields } from './responses.ts'
import { NEWEST } from './versions.ts'

/**
 * Resumable Uploads for HTTP, the IETF draft `draft-ietf-httpbis-resumable-upload`: its newest version
 * (interop version 8), and versions 3 to 7 for the clients that announce them.
 *
 * @throws Error when a limit is not a whole number of bytes
 */
export function resumableUpload(given: RequestLimits = {}): Protocol {
  const limits = checkedLimits(given)
  return {
    claims,
    describe: (engine) => limitFields(engine, limits, NEWEST),
    handle(request, target, engine) {
      return dispatch({ request, target, engine, version: versionOf(request), limits })
    },
    stateOf: (request, target, engine, upload) =>
      stateFields({ target, engine, version: versionOf(request), limits }, upload),
    refuse: (request, error, engine) => problemResponse(request, error, engine, limits),
  }
}

/** True for a request of the draft. HEAD, GET and DELETE of an upload need no field of the draft. */
function claims({ method, headers }: HttpRequest, id: string | null): boolean {
  const isMarked = ['upload-complete', 'upload-incomplete', VERSION_FIELD].some(
    (name) => headers.get(name) !== null,
  )
  if (isMarked || mediaTypeOf(headers) === NEWEST.appendType) return true
  return id !== null && UNMARKED.has(method)
}

/** True for a request that the client wants to resume if it breaks: it has a valid field of the draft. */
export function draftClaimsCreation(method: string, headers: HeaderReader): boolean {
  return !NOT_CREATING.has(method) && completeField(headers, versionOf({ headers })) !== null
}

const UNMARKED = new Set(['GET', 'HEAD', 'DELETE'])
/** Methods that never create an upload. */
const NOT_CREATING = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT'])

function dispatch<Context>(draft: DraftRequest<Context>): Promise<HttpResponse> {
  const { request, target } = draft
  const { method } = request
  const { id } = target
  if (id === null) {
    if (method === 'PATCH' && mediaTypeOf(request.headers) === NEWEST.appendType) {
      throw new UploadError('not_found', 'the path names no upload')
    }
    if (!NOT_CREATING.has(method)) return createUpload(draft)
    if (UNMARKED.has(method)) throw new UploadError('not_found', 'the path names no upload')
    throw unsupportedMethod(method, 'POST, PUT, PATCH, OPTIONS')
  }
  const forUpload = { ...draft, target: { ...target, id } }
  switch (method) {
    case 'HEAD':
    case 'GET':
      return inspectUpload(forUpload)
    case 'PATCH':
      return appendToUpload(forUpload)
    case 'DELETE':
      return removeUpload(forUpload)
    default:
      throw unsupportedMethod(method, 'GET, HEAD, PATCH, DELETE, OPTIONS')
  }
}

function unsupportedMethod(method: string, allow: string): UploadError {
  return new UploadError('unsupported_method', `${method} is not possible here`, {
    headers: { allow },
  })
}
