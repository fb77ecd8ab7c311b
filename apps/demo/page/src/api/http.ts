import { errorOf, unreachable } from './errors.ts'

/** Marks a request as the page's own, also where browsers do not. */
export const OWN_REQUEST: Readonly<Record<string, string>> = {
  'X-Requested-With': 'XMLHttpRequest',
}

/** Told of every answer that says nobody is signed in. */
let signedOut = (): void => {}

/** Says who is to be told when an answer says that nobody is signed in. */
export function onSignedOut(listener: () => void): void {
  signedOut = listener
}

/** Makes it known that an answer said nobody is signed in. */
export function reportSignedOut(): void {
  signedOut()
}

/**
 * Makes a request of the page's server.
 *
 * @throws ApiError when there is no answer, or one that refuses
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

/** The same for an answer of JSON, which is taken to be what the API says it is. */
export async function requestJson<Answer>(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await request(url, init)
  return (await response.json()) as Answer
}

/** A request with a body of JSON. */
export function withJson(method: string, body: unknown): RequestInit {
  return { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }
}
