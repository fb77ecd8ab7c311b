/**
 * Header fields to send. Several values make several lines; null leaves out a field that would be
 * sent by default. Each character of a value is one byte.
 */
export type Fields = Readonly<Record<string, string | readonly string[] | null>>

/** A body of unknown length, sent in chunked transfer coding unless `content-length` is given. */
export interface StreamedBody {
  readonly chunks: AsyncIterable<Uint8Array>
  /** Sent after the body, and announced in `trailer` unless that field is given. */
  readonly trailers?: Readonly<Record<string, string>>
}

/** The body of a request. Text is sent as UTF-8. */
export type Body = string | Uint8Array | StreamedBody

/** The response. */
export interface Answer {
  readonly status: number
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: Uint8Array
  /** `bytes`, read as UTF-8. */
  readonly text: string
  /** The 1xx responses that came before, in their order. */
  readonly interim: readonly InterimAnswer[]
}

/** A 1xx response. */
export interface InterimAnswer {
  readonly status: number
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>
}

/** A client of one server. Each request has a connection of its own. */
export interface Client {
  /**
   * Sends a request, such as `PATCH /files/x`, and waits for its response. Fields that every tus client
   * sends are added unless given: `tus-resumable`, `content-length`, and `content-type` for PATCH.
   */
  send(line: string, fields?: Fields, body?: Body): Promise<Answer>
  /** Sends `count` bytes of the body and then disconnects. Resolves once it has disconnected. */
  sendUntil(count: number, line: string, fields: Fields, body: string | Uint8Array): Promise<void>
}

/** A request with all its fields. */
export interface PreparedRequest {
  readonly method: string
  readonly target: string
  /** As on the wire: a name can occur twice. */
  readonly lines: readonly (readonly [name: string, value: string])[]
  readonly body: Uint8Array | StreamedBody
}

/** Adds the fields that tus clients send. */
export function prepared(line: string, fields: Fields, body: Body = ''): PreparedRequest {
  const [method = '', target = ''] = line.split(/ (.*)/s)
  const sent = typeof body === 'string' ? new TextEncoder().encode(body) : body
  const given = new Set(Object.keys(fields).map((name) => name.toLowerCase()))
  const lines = [
    ...Object.entries(defaults(method, sent, given)).filter(([name]) => !given.has(name)),
    ...Object.entries(fields).flatMap(([name, value]) =>
      [value ?? []].flat().map((one) => [name, one] as const),
    ),
  ]
  return { method, target, lines, body: sent }
}

function defaults(
  method: string,
  body: Uint8Array | StreamedBody,
  given: ReadonlySet<string>,
): Record<string, string> {
  return {
    'tus-resumable': '1.0.0',
    ...(method === 'PATCH' ? { 'content-type': 'application/offset+octet-stream' } : {}),
    ...(body instanceof Uint8Array ? lengthOf(method, body) : coding(body, given)),
  }
}

function lengthOf(method: string, { byteLength }: Uint8Array): Record<string, string> {
  const announced = byteLength > 0 || method === 'PATCH' || method === 'POST'
  return announced ? { 'content-length': String(byteLength) } : {}
}

function coding({ trailers }: StreamedBody, given: ReadonlySet<string>): Record<string, string> {
  return {
    ...(given.has('content-length') ? {} : { 'transfer-encoding': 'chunked' }),
    ...(trailers === undefined ? {} : { trailer: Object.keys(trailers).join(', ') }),
  }
}

/** A body sent in several chunks, in chunked transfer coding. */
export function streamed(
  pieces: Iterable<string | Uint8Array>,
  trailers?: Readonly<Record<string, string>>,
): StreamedBody {
  return { chunks: chunksOf(pieces), ...(trailers === undefined ? {} : { trailers }) }
}

async function* chunksOf(pieces: Iterable<string | Uint8Array>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  for (const piece of pieces) {
    yield await Promise.resolve(typeof piece === 'string' ? encoder.encode(piece) : piece)
  }
}

/** A body whose sender pauses after its first bytes, until `resume` is called. */
export interface PausedBody extends StreamedBody {
  /** Sends the rest and ends the body. */
  resume(rest?: string): void
}

/** Sends `first` at once, and nothing more until `resume`. */
export function paused(first: string): PausedBody {
  let resume: (rest?: string) => void = () => {}
  const rest = new Promise<string>((resolve) => {
    resume = (text = '') => resolve(text)
  })
  async function* chunks(): AsyncGenerator<Uint8Array> {
    const encoder = new TextEncoder()
    yield encoder.encode(first)
    yield encoder.encode(await rest)
  }
  return { chunks: chunks(), resume }
}
