import type { ContentAccess, ContentServer, Principal } from '@tusker/content'
import type { HttpRequest, RequestHandler, UrlPolicy } from '@tusker/core'
import { UploadError } from '@tusker/core'
import { assertMethod, refusing } from '../http/refusing.ts'
import { quietly } from '../session/session-access.ts'
import { messagesFor } from './event-messages.ts'
import type { ListenerLimits } from './listener-places.ts'
import { listenerPlaces } from './listener-places.ts'
import type { UploadWatch } from './upload-poller.ts'
import type { UserView } from './user-view.ts'
import { UNSEEN, userView } from './user-view.ts'
import { bell } from './wakeup.ts'

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
  /** 16 listeners of one user and 500 in all by default. */
  readonly limits?: ListenerLimits
}

const PATH = '/uploads/events'
const HEARTBEAT = 15_000
const LIMITS: ListenerLimits = { perUser: 16, inAll: 500 }

const FIELDS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  // nginx and similar proxies then pass each message on at once.
  'x-accel-buffering': 'no',
}

/** `/uploads/events`: the unfinished uploads and their changes, as server-sent events. */
export function uploadEvents(options: UploadEventsOptions): RequestHandler {
  const { access, limits = LIMITS } = options
  const places = listenerPlaces(limits)
  const viewOf = sharedViews(options)

  const answer = refusing(async (request) => {
    assertMethod(request, 'GET')
    const principal = await access.identify(request)
    if (principal === null) throw new UploadError('unauthenticated', 'sign in first')
    const waiting = bell()
    const knocks = { isNew: false }
    const leave = await places.take(principal.name, () => {
      knocks.isNew = true
      waiting.ring()
    })
    const { view, letGo } = viewOf(principal, request)
    const release = (): void => {
      request.signal.removeEventListener('abort', release)
      leave()
      letGo()
    }
    // A client may be gone before the stream is read.
    request.signal.addEventListener('abort', release, { once: true })
    if (request.signal.aborted) release()
    const held = { view, waiting, knocks, release }
    return { status: 200, headers: FIELDS, body: streamed(options, request, held) }
  })
  return {
    matches: (path) => path === PATH,
    handle: async (request) => quietly(await answer(request)),
  }
}

/** Makes one view for all listeners of a user under one URL. It is forgotten with the last of them. */
function sharedViews({ watch, content, urls }: UploadEventsOptions) {
  const views = new Map<string, { readonly view: UserView; listeners: number }>()

  return (principal: Principal, request: HttpRequest): { view: UserView; letGo(): void } => {
    const key = JSON.stringify([principal.name, urls.locate(request, '/')])
    let shared = views.get(key)
    if (shared === undefined) {
      const messages = messagesFor(principal, (path) => urls.locate(request, path))
      shared = { view: userView(principal, content, messages, watch), listeners: 0 }
      views.set(key, shared)
    }
    const { view } = shared
    shared.listeners += 1
    let isHeld = true
    return {
      view,
      letGo() {
        if (!isHeld) return
        isHeld = false
        shared.listeners -= 1
        if (shared.listeners === 0) views.delete(key)
      },
    }
  }
}

/** What a listener has. `release` may be called again. */
interface Held {
  readonly view: UserView
  readonly waiting: ReturnType<typeof bell>
  /** Set when the stream has to send something, to find out whether its client is still there. */
  readonly knocks: { isNew: boolean }
  release(): void
}

/** The stream of one listener, from the first read until the client disconnects. */
function streamed(
  options: UploadEventsOptions,
  request: HttpRequest,
  held: Held,
): AsyncIterable<Uint8Array> {
  return {
    [Symbol.asyncIterator]() {
      const messages = messagesIn(options, request, held)
      return {
        next: () => messages.next(),
        return: async () => {
          held.waiting.end()
          held.release()
          return messages.return(undefined)
        },
      }
    },
  }
}

async function* messagesIn(
  { watch, access, heartbeat = HEARTBEAT }: UploadEventsOptions,
  request: HttpRequest,
  { view, waiting, knocks, release }: Held,
): AsyncGenerator<Uint8Array> {
  const onGone = (): void => waiting.end()
  const stop = watch.listen({ changed: () => waiting.ring(), ended: onGone })
  request.signal.addEventListener('abort', onGone, { once: true })
  if (request.signal.aborted) waiting.end()
  let version = UNSEEN
  try {
    yield encoded('retry: 2000\n\n')
    waiting.ring()
    while (true) {
      const heard = await waiting.heard(heartbeat)
      if (heard === 'ended') return
      if (heard === 'quiet' || knocks.isNew) {
        knocks.isNew = false
        yield encoded(': still here\n\n')
      }
      // If the session has ended, the stream ends. The browser reconnects and gets 401.
      if ((await identified(access, request)) === null) return
      const news = await view.next(version)
      if (news === null) continue
      version = news.version
      yield news.bytes
    }
  } finally {
    stop()
    release()
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

function encoded(text: string): Uint8Array {
  return Buffer.from(text, 'utf8')
}
