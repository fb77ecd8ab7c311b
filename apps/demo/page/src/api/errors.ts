/** A request that did not do what it was to do. Its message is a sentence for people. */
export class ApiError extends Error {
  readonly code: string
  readonly status: number

  /** `status` is 0 when there was no answer. */
  constructor(status: number, code: string, message: string) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.code = code
  }
}

/** Sentences for what people meet most; everything else says what the server said. */
const SENTENCES: Readonly<Record<string, string>> = {
  unreachable: 'The server cannot be reached. Check the connection and try again.',
  unauthenticated: 'You are signed out. Sign in to go on.',
  forbidden: 'You are not allowed to do this.',
  not_found: 'It is not there any more. Somebody may have removed it.',
  id_taken: 'There is already something with this name.',
  too_large: 'The file is larger than this server accepts.',
  unavailable: 'The server is busy. Try again in a moment.',
  internal:
    'Something went wrong on the server. Try again, and tell whoever runs it if it stays so.',
}

/** The error of an answer, made of its JSON body when there is one. */
export function errorOf(status: number, body: string): ApiError {
  const { code, message } = readError(body)
  const known = SENTENCES[code ?? codeOf(status)]
  return new ApiError(
    status,
    code ?? codeOf(status),
    known ?? sentence(message ?? `The server answered ${status}`),
  )
}

/** The error of a request that got no answer. */
export function unreachable(): ApiError {
  return new ApiError(0, 'unreachable', SENTENCES['unreachable'] ?? '')
}

/** What to tell people about anything that was thrown. */
export function explain(error: unknown): string {
  if (error instanceof ApiError) return error.message
  return sentence(error instanceof Error ? error.message : String(error))
}

/** Servers speak in lower case and without a full stop; people read sentences. */
export function sentence(text: string): string {
  const trimmed = text.trim()
  const full = /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`
  return `${full.charAt(0).toUpperCase()}${full.slice(1)}`
}

function codeOf(status: number): string {
  if (status === 401) return 'unauthenticated'
  if (status === 403) return 'forbidden'
  if (status === 404 || status === 410) return 'not_found'
  if (status === 413) return 'too_large'
  if (status === 502 || status === 503 || status === 504) return 'unavailable'
  return status >= 500 ? 'internal' : `http_${status}`
}

function readError(body: string): { code?: string; message?: string } {
  try {
    const { error } = JSON.parse(body) as { error?: { code?: unknown; message?: unknown } }
    return {
      ...(typeof error?.code === 'string' && { code: error.code }),
      ...(typeof error?.message === 'string' && { message: error.message }),
    }
  } catch {
    return {}
  }
}
