import type { HeaderFields } from '../model/http.ts'
import type { UploadInfo } from '../model/upload.ts'
import type { DraftRequest } from './draft-request.ts'
import { announcedVersion, VERSION_FIELD } from './fields.ts'
import { limitFields } from './limits.ts'

/** Milliseconds between two reports of progress. A short request needs none: the response has the offset. */
const INTERVAL = 1_000

/** Sends the 104 responses to one request. */
export interface Interim {
  /** Sends the URL of the upload. Returns whether the client can receive it. */
  announce(upload: UploadInfo): boolean
  /** Sends the offset of the upload. Does nothing for versions that have no such response. */
  progress(offset: number): void
}

/**
 * The 104 responses to a request. There are none for a client that announces no version, or a version that
 * is not supported, because it would read the response by the rules of its own version.
 */
export function interimResponses<Context>(draft: DraftRequest<Context>): Interim {
  const { request, target, engine, limits, version } = draft
  const { inform } = request
  const isPossible = inform !== undefined && announcedVersion(request.headers) !== null
  let location: HeaderFields = {}
  let reportedAt = performance.now()

  function send(fields: HeaderFields): void {
    inform?.(104, { ...fields, [VERSION_FIELD]: String(version.number) })
  }

  return {
    announce(upload) {
      if (!isPossible || isShort(upload, limits.minSize)) return false
      // The draft requires the same `Location` in every response to the request.
      location = { location: target.urlOf(upload.id) }
      send({ ...location, ...limitFields(engine, limits, version, upload) })
      return true
    },
    progress(offset) {
      if (!isPossible || !version.progress || performance.now() - reportedAt < INTERVAL) return
      reportedAt = performance.now()
      send({ ...location, 'upload-offset': String(offset) })
    },
  }
}

function isShort({ length }: UploadInfo, minSize = 0): boolean {
  return length === null ? minSize > 0 : length < minSize
}
