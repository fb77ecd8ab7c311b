import type { UploadEngine } from '../engine/engine.ts'
import type { UploadError } from '../model/error.ts'
import type { HeaderFields, HttpRequest, HttpResponse } from '../model/http.ts'

/** What a request is aimed at: the place where uploads are created (`id` is null) or one upload. */
export interface Target {
  readonly id: string | null
  /** What to put into `Location` for an upload. */
  urlOf(id: string): string
  /** What to put into `Location` for a path of the host; absolute URLs stay as they are. */
  locate(location: string): string
  /** The id in an upload's URL, absolute or relative; null for any other URL. */
  idOf(url: string): string | null
}

/** A wire dialect: turns requests into engine commands, and results and refusals into responses. */
export interface Protocol {
  /** True if the request carries this protocol's marks. The first protocol that claims it answers. */
  claims(request: HttpRequest): boolean
  /** What an OPTIONS response says about this protocol. */
  describe(engine: UploadEngine<never>, request: HttpRequest): HeaderFields
  /** Throws `UploadError` for `refuse` to answer. */
  handle<Context>(
    request: HttpRequest<Context>,
    target: Target,
    engine: UploadEngine<Context>,
  ): Promise<HttpResponse>
  refuse(request: HttpRequest, error: UploadError): HttpResponse
}
