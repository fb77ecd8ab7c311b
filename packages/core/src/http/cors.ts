import { CORS_METHODS, CORS_REQUEST_FIELDS, CORS_RESPONSE_FIELDS } from './cors-fields.ts'
import { UploadError } from '../model/error.ts'
import type { HeaderFields, HttpRequest, HttpResponse, RequestHandler } from '../model/http.ts'
import type { OptionRule } from '../options/check-options.ts'
import { checkOptions, duration, flag, required } from '../options/check-options.ts'
import type { Duration } from '../options/quantity.ts'
import { parseDuration } from '../options/quantity.ts'
import { errorResponse } from './error-response.ts'

/** Which scripts of other origins may use the server from a browser. */
export interface CorsPolicy {
  /**
   * The allowed origins: exact ones such as `https://example.com`, `'*'` for all, or a function that decides
   * for each request. Sandboxed pages and local files have the origin `null`, which needs an entry as well.
   * Only browsers enforce CORS. It does not stop other clients.
   */
  readonly origins: '*' | readonly string[] | ((origin: string, request: HttpRequest) => boolean)
  /** Lets browsers send cookies. With `'*'` the response then names the origin. Off by default. */
  readonly credentials?: boolean
  /** Request fields to allow in addition to those that uploads and downloads use. */
  readonly allowHeaders?: readonly string[]
  /** Response fields to expose in addition to those that uploads and downloads use. */
  readonly exposeHeaders?: readonly string[]
  /**
   * How long a browser may remember the response to a preflight, as milliseconds or text such as `'1h'`.
   * Two hours by default, the most that Chromium allows.
   */
  readonly maxAge?: Duration
}

const TWO_HOURS = 7_200_000

/**
 * Adds the CORS protocol (Fetch standard, section 3.3) to every response of `handler`, also to error
 * responses. It replaces the CORS fields that `handler` sets. The response to a preflight is 204 with the
 * fields of the response of `handler` to OPTIONS. A request from an origin that is not allowed gets a
 * response without CORS fields, and the browser does not show that response to the script.
 *
 * @throws Error when an origin, a field name or `maxAge` of the policy is not valid
 */
export function withCors<Context>(
  policy: CorsPolicy,
  handler: RequestHandler<Context>,
): RequestHandler<Context> {
  assertPolicy(policy)
  const isPublic = policy.origins === '*' && policy.credentials !== true
  const credentials =
    policy.credentials === true ? { 'access-control-allow-credentials': 'true' } : {}
  const onResponse = {
    ...credentials,
    'access-control-expose-headers': union(CORS_RESPONSE_FIELDS, policy.exposeHeaders),
  }
  const onPreflight = {
    ...credentials,
    'access-control-allow-methods': CORS_METHODS.join(', '),
    'access-control-allow-headers': union(CORS_REQUEST_FIELDS, policy.allowHeaders),
    'access-control-max-age': String(
      Math.floor((parseDuration(policy.maxAge) ?? TWO_HOURS) / 1_000),
    ),
  }

  async function handle(request: HttpRequest<Context>): Promise<HttpResponse> {
    const vary = varyOf(request, isPublic)
    let allowed: string | null
    try {
      allowed = isPublic ? '*' : allowedOrigin(policy, request)
    } catch (cause) {
      return undecided(request, vary, cause)
    }
    const inner = await handler.handle(request)
    if (allowed === null) return { ...inner, headers: merged(inner.headers, vary, {}) }
    const origin = { 'access-control-allow-origin': allowed }
    if (!isPreflight(request)) {
      return { ...inner, headers: merged(inner.headers, vary, Object.assign(origin, onResponse)) }
    }
    return preflightAnswer(inner, vary, { ...origin, ...onPreflight })
  }

  return { matches: (path) => handler.matches(path), handle }
}

const ORIGIN = /^(?:null|[a-z][a-z0-9+.-]*:\/\/[a-z0-9._~:[\]-]*)$/
const FIELD_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

const NAMES: OptionRule = {
  allowed: 'an array of header field names',
  accepts: (value) => Array.isArray(value) && value.every((name) => typeof name === 'string'),
}

const RULES: Readonly<Record<keyof CorsPolicy, OptionRule>> = {
  origins: required({
    allowed: "'*', an array of origins such as 'https://example.com', or a function",
    accepts: (value) => value === '*' || Array.isArray(value) || typeof value === 'function',
  }),
  credentials: flag,
  allowHeaders: NAMES,
  exposeHeaders: NAMES,
  maxAge: duration(0),
}

function assertPolicy(policy: CorsPolicy): void {
  checkOptions('cors', policy, RULES)
  const { origins, allowHeaders, exposeHeaders, maxAge } = policy
  for (const origin of typeof origins === 'object' ? origins : []) assertOrigin(origin)
  for (const name of [...(allowHeaders ?? []), ...(exposeHeaders ?? [])]) {
    if (!FIELD_NAME.test(name)) throw new Error(`cors: "${name}" is not the name of a header field`)
  }
  if (parseDuration(maxAge) === Number.POSITIVE_INFINITY) {
    throw new TypeError('cors: maxAge must be milliseconds from 0 on, not Infinity')
  }
}

/** Refuses an origin in a form that no browser sends, because it would never match. */
function assertOrigin(origin: string): void {
  if (origin === '*') {
    throw new Error("cors: to allow every origin, write origins: '*' without a list")
  }
  const usual = /^https?:/i.test(origin) ? webOrigin(origin) : origin
  if (usual === origin && ORIGIN.test(origin)) return
  const hint = usual === null || usual === origin ? 'scheme://host or scheme://host:port' : usual
  throw new Error(`cors: no browser sends the origin "${origin}", write ${hint}`)
}

function webOrigin(text: string): string | null {
  try {
    return new URL(text).origin
  } catch {
    return null
  }
}

/** The value of `Access-Control-Allow-Origin` for one request; null if the origin is not allowed. */
function allowedOrigin({ origins }: CorsPolicy, request: HttpRequest): string | null {
  const origin = request.headers.get('origin')
  // The response repeats the value, and several origins joined by a comma are not an origin.
  if (origin === null || !ORIGIN.test(origin)) return null
  if (origins === '*') return origin
  // An async function returns a promise, which must not allow the origin. So the result must be true.
  const isAllowed =
    typeof origins === 'function' ? origins(origin, request) === true : origins.includes(origin)
  return isAllowed ? origin : null
}

function isPreflight({ method, headers }: HttpRequest): boolean {
  if (method !== 'OPTIONS' || headers.get('origin') === null) return false
  return headers.get('access-control-request-method') !== null
}

/** The fields that the response depends on, also if this request does not have them. */
function varyOf({ method }: HttpRequest, isPublic: boolean): readonly string[] {
  if (method === 'OPTIONS') return ['Origin', 'Access-Control-Request-Method']
  return isPublic ? [] : ['Origin']
}

/**
 * Answers a preflight with 204 even if `handler` refuses it, for example because a preflight has no
 * credentials. The real request follows, and its response shows the error.
 */
function preflightAnswer(
  inner: HttpResponse,
  vary: readonly string[],
  ours: HeaderFields,
): HttpResponse {
  const isRefusal = inner.status < 200 || inner.status > 299
  const kept = Object.entries(inner.headers).filter(([name]) => {
    return isRefusal ? /^vary$/i.test(name) : !/^content-(?:type|length|encoding)$/i.test(name)
  })
  return {
    status: 204,
    headers: merged(Object.fromEntries(kept), vary, ours),
    ...(inner.cause === undefined ? {} : { cause: inner.cause }),
  }
}

function merged(inner: HeaderFields, vary: readonly string[], ours: HeaderFields): HeaderFields {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(inner)) {
    const lower = name.toLowerCase()
    if (!lower.startsWith('access-control-')) headers[lower] = value
  }
  // This field cannot name origins. A page that may read a download may show it as a picture as well.
  if ('cross-origin-resource-policy' in headers) {
    headers['cross-origin-resource-policy'] = 'cross-origin'
  }
  const varies = extendedVary(headers['vary'], vary)
  if (varies !== '') headers['vary'] = varies
  return Object.assign(headers, ours)
}

function extendedVary(vary: string | undefined, fields: readonly string[]): string {
  if (vary === undefined) return fields.join(', ')
  const present = vary.split(',').map((field) => field.trim())
  const known = present.filter((field) => field !== '')
  return known.includes('*') ? '*' : union(known, fields)
}

/** Joins names to a list. Each name occurs once, and case is ignored. */
function union(names: readonly string[], more: readonly string[] = []): string {
  const byName = new Map<string, string>()
  for (const name of [...names, ...more]) {
    if (!byName.has(name.toLowerCase())) byName.set(name.toLowerCase(), name)
  }
  return [...byName.values()].join(', ')
}

function undecided(request: HttpRequest, vary: readonly string[], cause: unknown): HttpResponse {
  const hidden = new UploadError('internal', 'something went wrong on the server, try again')
  const answer = errorResponse(request, hidden)
  return { ...answer, headers: merged(answer.headers, vary, {}), cause }
}
