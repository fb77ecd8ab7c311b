import type { ContentAccess, ContentServer, ContentUpload, Principal } from '@tusker/content'
import type { HttpRequest, RequestHandler, UrlPolicy } from '@tusker/core'
import { UploadError } from '@tusker/core'
import { assertMethod, refusing } from '../http/refusing.ts'
import { quietly } from '../session/session-access.ts'
import { bell } from './wakeup.ts'
import { newsFor } from './event-messages.ts'
import type { UploadWatch } from './upload-poller.ts'

/** Options of the live list. */
export interface UploadEventsOptions {
  readonly watch: UploadWatch
  readonly content: Pick<ContentServer, 'maySee'>
  readonly access: ContentAccess
  readonly urls: UrlPolicy
  /**
   * Milliseconds without a message after which the server sends a comment. It keeps proxies from closing
   * the connection, and it shows whether the client has disconnected. 15 seconds by default.
   */
  readonly heartbeat?: number
}

const PATH = '/uploads/events'
const HEARTBEAT = 15_000
/** The most uploads in one list. */
const LISTED = 500

const FIELDS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  // nginx and similar proxies then pass each message on at once.
  'x-accel-buffering': 'no',
}

/** `/uploads/events`: the unfinished uploads and their changes, as server-sent events. */
export function uploadEvents(options: UploadEventsOptions): RequestHandler {
  const answer = refusing(async (request) => {
    assertMethod(request, 'GET')
    const principal = await options.access.identify(request)
    if (principal === null) throw new UploadError('unauthenticated', 'sign in first')
    return { status: 200, headers: FIELDS, body: streamed(options, request) }
  })
  return {
    matches: (path) => path === PATH,
    handle: async (request) => quietly(await answer(request)),
  }
}

/** The stream of one listener, from the first read until the client disconnects. */
function streamed(options: UploadEventsOptions, request: HttpRequest): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]() {
      const waiting = bell()
      const messages = messagesFor(options, request, waiting)
      return {
        next: () => messages.next(),
        return: async () => {
          waiting.end()
          return messages.return(undefined)
        },
      }
    },
  }
}

async function* messagesFor(
  { watch, content, access, urls, heartbeat = HEARTBEAT }: UploadEventsOptions,
  request: HttpRequest,
  waiting: ReturnType<typeof bell>,
): AsyncGenerator<Uint8Array> {
  const onGone = (): void => waiting.end()
  const stop = watch.listen({ changed: () => waiting.ring(), ended: onGone })
  request.signal.addEventListener('abort', onGone, { once: true })
  if (request.signal.aborted) waiting.end()
  const news = newsFor((path) => urls.locate(request, path))
  try {
    yield encoded('retry: 2000\n\n')
    waiting.ring()
    while (true) {
      const heard = await waiting.heard(heartbeat)
      if (heard === 'ended') return
      if (heard === 'quiet') yield encoded(': still here\n\n')
      // If the session has ended, the stream ends. The browser reconnects and gets 401.
      const principal = await identified(access, request)
      const unfinished = watch.unfinished()
      if (principal === null) return
      if (unfinished === null) continue
      const visible = await visibleTo(principal, unfinished, content)
      const text = news.next(visible, principal, (id) => watch.departureOf(id))
      if (text !== null) yield encoded(text)
    }
  } finally {
    stop()
    request.signal.removeEventListener('abort', onGone)
  }
}

async function identified(access: ContentAccess, request: HttpRequest): Promise<Principal | null> {
  try {
    return await access.identify(request)
  } catch {
    return null
  }
}

async function visibleTo(
  principal: Principal,
  uploads: ReadonlyMap<string, ContentUpload>,
  content: Pick<ContentServer, 'maySee'>,
): Promise<ReadonlyMap<string, ContentUpload>> {
  const visible = new Map<string, ContentUpload>()
  const isMine = ({ owner }: ContentUpload): number => (owner === principal.name ? 0 : 1)
  // The user's own uploads come first, then the oldest. New uploads of other users displace none of them.
  const ordered = [...uploads].sort(
    ([, one], [, other]) =>
      isMine(one) - isMine(other) || one.createdAt.getTime() - other.createdAt.getTime(),
  )
  for (const [id, upload] of ordered) {
    if (visible.size === LISTED) break
    if (await content.maySee(principal, upload)) visible.set(id, upload)
  }
  return visible
}

function encoded(text: string): Uint8Array {
  return Buffer.from(text, 'utf8')
}
