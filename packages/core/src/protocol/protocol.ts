import type { UploadEngine } from '../engine/engine.ts'
import type { UploadError } from '../model/error.ts'
import type { HeaderFields, HttpRequest, HttpResponse } from '../model/http.ts'
import type { UploadInfo } from '../model/upload.ts'

/** The resource that a request names: the place where uploads are created (`id` is null) or one upload. */
export interface Target {
  readonly id: string | null
  /** The value of `Location` for an upload. */
  urlOf(id: string): string
  /** The value of `Location` for a path of the host. Absolute URLs stay as they are. */
  locate(location: string): string
  /** The id in the URL of an upload, absolute or relative; null for any other URL. */
  idOf(url: string): string | null
}

/** The target of a request for one upload. */
export interface UploadTarget extends Target {
  readonly id: string
}

/**
 * An upload protocol. It translates requests into engine commands, and results and errors into responses.
 *
 * A server asks its protocols in their order; see `chooseProtocol`.
 */
export interface Protocol {
  /** True if the request uses this protocol. `id` is the upload that its path names. */
  claims(request: HttpRequest, id: string | null): boolean
  /** The header fields of this protocol in a response to OPTIONS. */
  describe(engine: UploadEngine<never>, request: HttpRequest): HeaderFields
  /** Handles a request. Throws an `UploadError` that `refuse` then answers. */
  handle<Context>(
    request: HttpRequest<Context>,
    target: Target,
    engine: UploadEngine<Context>,
  ): Promise<HttpResponse>
  /** The state of an upload as header fields of a download. Absent if the protocol has no such fields. */
  stateOf?<Context>(
    request: HttpRequest<Context>,
    target: Target,
    engine: UploadEngine<Context>,
    upload: UploadInfo,
  ): HeaderFields
  /** Answers a request that failed. */
  refuse(request: HttpRequest, error: UploadError, engine: UploadEngine<never>): HttpResponse
}
