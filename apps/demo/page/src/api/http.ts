import { errorOf, unreachable } from './errors.ts'

/** Marks a request as one of the page, for browsers that do not do so themselves. */
export const OWN_REQUEST: Readonly<Record<string, string>> = {
  'X-Requested-With': 'XMLHttpRequest',
}

/** Called for each response that says that the user is signed out. */
let signedOut = (): void => {}

/** Sets the listener for responses that say that the user is signed out. */
export function onSignedOut(listener: () => void): void {
  signedOut = listener
}

/** Reports a response that says that the user is signed out. */
export function reportSignedOut(): void {
  signedOut()
}

/**
 * Sends a request to the page's server.
 *
 * @throws ApiError when there is no response, or one with an error
 */
export async function request(url: string, init: RequestInit = {}): Promise<Response> {
  const headers = { Accept: 'application/json', ...OWN_REQUEST, ...init.headers }
  const response = await fetch(url, { ...init, headers }).catch((error: unknown) => {
    throw init.signal?.aborted === true ? error : unreachable()
  })
  if (response.ok) return response
  const error = errorOf(response.status, await response.text().catch(() => ''))
  if (response.status === 401) reportSignedOut()
  throw error
}

/** Like `request`, for a JSON response. It is trusted to have the type that the API documents. */
export async function requestJson<Body>(url: string, init: RequestInit = {}): Promise<Body> {
  const response = await request(url, init)
  return (await response.json()) as Body
}

/** A request with a JSON body. */
export function withJson(method: string, body: unknown): RequestInit {
  return { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }
}
