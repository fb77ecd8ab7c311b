import { digestFields, outcomeFields } from '../http/outcome-fields.ts'
import { UploadError } from '../model/error.ts'
import type { HeaderFields, HttpResponse } from '../model/http.ts'
import type { UploadInfo } from '../model/upload.ts'
import type { DraftRequest } from './draft-request.ts'
import { writeComplete } from './fields.ts'
import { limitFields } from './limits.ts'

/** The state of an upload as header fields of the response to HEAD or GET. */
export function stateFields<Context>(
  draft: Omit<DraftRequest<Context>, 'request'>,
  upload: UploadInfo,
): HeaderFields {
  const { target, engine, limits, version } = draft
  const fields: Record<string, string> = { 'upload-offset': String(upload.offset) }
  if (upload.length !== null) fields['upload-length'] = String(upload.length)
  return Object.assign(
    fields,
    writeComplete(upload.outcome !== null, version),
    limitFields(engine, limits, version, upload),
    outcomeFields(target, upload),
  )
}

/** The response to content that does not complete the upload. */
export function unfinishedResponse<Context>(
  { engine, limits, version }: DraftRequest<Context>,
  upload: UploadInfo,
): HttpResponse {
  return {
    status: version.appended,
    headers: Object.assign(
      { 'upload-offset': String(upload.offset) },
      writeComplete(false, version),
      limitFields(engine, limits, version, upload),
    ),
  }
}

/**
 * The response of the application to the whole upload. A client that lost the response gets the same one
 * again.
 */
export function finalResponse<Context>(
  { target, version }: DraftRequest<Context>,
  upload: UploadInfo,
): HttpResponse {
  const { outcome } = upload
  if (outcome === null) throw new Error('the upload has no outcome yet')
  if (outcome.kind === 'rejected') throw new UploadError('rejected', outcome.message)
  const { response, location } = outcome
  const status = response?.status ?? 201
  const isOurs = response === null
  const where =
    location === null ? (isOurs ? target.urlOf(upload.id) : null) : target.locate(location)
  return {
    status,
    headers: {
      ...response?.headers,
      ...(where === null ? {} : { location: where }),
      'upload-offset': String(upload.offset),
      ...writeComplete(true, version),
      ...digestFields(outcome),
    },
    ...(response?.body === undefined || status === 204 ? {} : { body: response.body }),
  }
}
