import type { UploadEngine } from '../engine/engine.ts'
import type { UploadError } from '../model/error.ts'
import type { HeaderFields, HttpRequest, HttpResponse } from '../model/http.ts'
import type { UploadInfo } from '../model/upload.ts'

/** The resource that a request names: the place where uploads are created (`id` is null) or one upload. */
export interface Target {
  readonly id: string | null
  /** What to put into `Location` for an upload. */
  urlOf(id: string): string
  /** What to put into `Location` for a path of the host; absolute URLs stay as they are. */
  locate(location: string): string
  /** The id in an upload's URL, absolute or relative; null for any other URL. */
  idOf(url: string): string | null
}

/**
 * A wire dialect: turns requests into engine commands, and results and errors into responses.
 *
 * A server asks its protocols in their order; see `chooseProtocol`.
 */
export interface Protocol {
  /** True if the request is one of this protocol's. `id` is the upload that its path names. */
  claims(request: HttpRequest, id: string | null): boolean
  /** What an OPTIONS response says about this protocol. */
  describe(engine: UploadEngine<never>, request: HttpRequest): HeaderFields
  /** Throws `UploadError` for `refuse` to answer. */
  handle<Context>(
    request: HttpRequest<Context>,
    target: Target,
    engine: UploadEngine<Context>,
  ): Promise<HttpResponse>
  /** The state of an upload as fields of a response that carries its bytes. Absent if there are none. */
  stateOf?<Context>(
    request: HttpRequest<Context>,
    target: Target,
    engine: UploadEngine<Context>,
    upload: UploadInfo,
  ): HeaderFields
  /** Answers a request that failed. */
  refuse<Context>(
    request: HttpRequest<Context>,
    error: UploadError,
    engine: UploadEngine<Context>,
  ): HttpResponse
}
