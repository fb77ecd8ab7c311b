import type { ContentAccess } from '@tusker/content'
import { rightsOn } from '@tusker/content'
import type { HeaderFields, HttpRequest, HttpResponse, RequestHandler } from '@tusker/core'
import { requestWith, UploadError } from '@tusker/core'
import { z } from 'zod'
import { readJson } from '../http/read-json.ts'
import { assertMethod, refusing } from '../http/refusing.ts'
import { isOurs } from './same-origin.ts'
import type { SessionPorts } from './session-access.ts'
import { quietly } from './session-access.ts'
import type { DemoAccount } from '../users.ts'
import type { Session, SignedSession } from './sessions.ts'

const PATH = '/session'

const Credentials = z.object({ name: z.string().max(1_000), password: z.string().max(1_000) })

/** Options of `sessionPages`. */
export interface SessionPagesOptions extends SessionPorts {
  readonly access: ContentAccess
  readonly publicUrl: string | undefined
  /** The account that the sign-in page shows; null where users have accounts of their own. */
  readonly demoAccount: DemoAccount | null
}

/** `/session`: signing in, signing out, and who is signed in. */
export function sessionPages(options: SessionPagesOptions): RequestHandler {
  const { access, sessions, trusted, publicUrl, demoAccount } = options

  async function signIn(request: HttpRequest): Promise<HttpResponse> {
    const { name, password } = await readJson(request, Credentials)
    const credentials = `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`
    const principal = name.includes(':')
      ? null
      : await access.identify(asking(request, credentials))
    if (principal === null) throw new UploadError('unauthenticated', 'wrong name or password')
    return begun(request, sessions.issue(principal.name, isSecure(request)))
  }

  async function begun(
    request: HttpRequest,
    { value, session }: SignedSession,
  ): Promise<HttpResponse> {
    const cookie = `${sessions.cookieName}=${value}; ${attributes(request, session.secure)}`
    return respond(session, { 'set-cookie': cookie })
  }

  async function respond(session: Session | null, headers: HeaderFields): Promise<HttpResponse> {
    const body =
      session === null
        ? { user: null, ...(demoAccount !== null && { demoAccount }) }
        : {
            user: { name: session.name },
            rights: await rightsOn(access, { name: session.name }, '/'),
            expiresAt: session.expiresAt.toISOString(),
          }
    return { status: 200, headers: { ...JSON_FIELDS, ...headers }, body: JSON.stringify(body) }
  }

  async function signOut(request: HttpRequest): Promise<HttpResponse> {
    const session = sessions.read(request.headers.get('cookie'))
    if (session !== null) await sessions.end(session)
    const secure = session?.secure ?? isSecure(request)
    const cookie = `${sessions.cookieName}=; Max-Age=0; ${attributes(request, secure)}`
    return { status: 204, headers: { 'set-cookie': cookie, 'cache-control': 'no-store' } }
  }

  /** A browser sends the page's origin with POST. The public URL overrides it. */
  function isSecure(request: HttpRequest): boolean {
    return (publicUrl ?? request.headers.get('origin') ?? '').startsWith('https:')
  }

  function attributes(request: HttpRequest, secure: boolean): string {
    const path = publicUrl === undefined ? `${request.prefix}/` : new URL(publicUrl).pathname
    return `Path=${path}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`
  }

  function answer(request: HttpRequest): HttpResponse | Promise<HttpResponse> {
    assertMethod(request, 'GET', 'POST', 'DELETE')
    if (request.method === 'GET') {
      const session = sessions.read(request.headers.get('cookie'))
      return session === null ? respond(null, {}) : begun(request, sessions.renew(session))
    }
    if (!isOurs(request, trusted)) {
      throw new UploadError('forbidden', 'the page of another site may not do this')
    }
    if (request.method === 'POST') return signIn(request)
    return signOut(request)
  }

  const answered = refusing(answer)
  return {
    matches: (path) => path === PATH,
    handle: async (request) => quietly(await answered(request)),
  }
}

/** The same request with these credentials, and without the browser's own. */
function asking(request: HttpRequest, credentials: string): HttpRequest {
  const headers = { get: (name: string) => (name === 'authorization' ? credentials : null) }
  return requestWith(request, { headers })
}

const JSON_FIELDS = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
}
