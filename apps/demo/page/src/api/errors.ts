/** A request that failed. The message is a sentence for people. */
export class ApiError extends Error {
  readonly code: string
  readonly status: number

  /** `status` is 0 when there was no response. */
  constructor(status: number, code: string, message: string) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.code = code
  }
}

/** Sentences for the most common errors. All others show the server's message. */
const SENTENCES: Readonly<Record<string, string>> = {
  unreachable: "Can't reach the server. Check your connection and try again.",
  unauthenticated: 'You are signed out. Sign in to continue.',
  forbidden: 'You are not allowed to do this.',
  not_found: 'This item no longer exists.',
  id_taken: 'This name is already taken.',
  too_large: 'The file is larger than the server allows.',
  unavailable: 'The server is busy. Try again in a moment.',
  internal:
    'Something went wrong on the server. Try again. If it keeps happening, contact the administrator.',
}

/** The error of a response, from its JSON body if it has one. */
export function errorOf(status: number, body: string): ApiError {
  const { code, message } = readError(body)
  const known = SENTENCES[code ?? codeOf(status)]
  return new ApiError(
    status,
    code ?? codeOf(status),
    known ?? sentence(message ?? `The server responded with ${status}`),
  )
}

/** The error of a request without a response. */
export function unreachable(): ApiError {
  return new ApiError(0, 'unreachable', SENTENCES['unreachable'] ?? '')
}

/** The message for people about anything that was thrown. */
export function explain(error: unknown): string {
  if (error instanceof ApiError) return error.message
  return sentence(error instanceof Error ? error.message : String(error))
}

/** Turns a server's message, in lower case and without a full stop, into a sentence. */
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
