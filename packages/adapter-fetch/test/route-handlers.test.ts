import { fetchHandler } from '@tusker/adapter-fetch'
import { checksums } from '@tusker/checksums'
import type { UploadServer } from '@tusker/core'
import { createUploadServer } from '@tusker/core'
import type { Listening } from '@tusker/testing'
import { describeDraft, describeTus, overSockets, socketClient } from '@tusker/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { isLong } from '../../testing/test/support/test-rounds.ts'
import { SVELTEKIT } from './support/hosts.ts'
import { listen, openStore } from './support/listen.ts'

// The frameworks are not installed here. These tests call the routes as the frameworks do: with the same
// arguments, and by the same rules for methods that a route does not export.

type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'

/** The second argument that Next.js passes to a route handler, here of `files/[[...path]]/route.ts`. */
interface NextContext {
  readonly params: Promise<{ path?: string[] }>
}
type NextRoute = Readonly<
  Partial<Record<Method, (request: Request, context: NextContext) => Promise<Response>>>
>

function nextRoute(server: UploadServer<NextContext>): NextRoute {
  const handler = fetchHandler(server)
  // tus does not use PUT, but Next.js does not list the valid methods when it refuses one.
  return {
    GET: handler,
    HEAD: handler,
    POST: handler,
    PUT: handler,
    PATCH: handler,
    DELETE: handler,
    OPTIONS: handler,
  }
}

function callNext(route: NextRoute, request: Request): Promise<Response> {
  const path = new URL(request.url).pathname.split('/').slice(2)
  const called = route[request.method as Method]
  if (called === undefined) return Promise.resolve(new Response(null, { status: 405 }))
  return called(request, { params: Promise.resolve(path.length === 0 ? {} : { path }) })
}

/** SvelteKit passes one event. `fallback` gets each method that `+server.ts` does not export. */
interface SvelteEvent {
  readonly request: Request
  readonly locals: { readonly user: string }
  readonly getClientAddress: () => string
}

/** React Router and Remix: a loader for GET, HEAD and OPTIONS, an action for the rest. */
interface RouteArguments {
  readonly request: Request
  readonly params: Readonly<Record<string, string>>
  readonly context: { readonly user: string }
}

const CLIENT = { locals: { user: 'ada' }, getClientAddress: () => '127.0.0.1' }

const overSvelteKit = overSockets(openStore, (server) => {
  const handler = fetchHandler(server)
  const fallback = (event: SvelteEvent): Promise<Response> => handler(event.request, event)
  return listen(server, (request) => fallback({ ...CLIENT, request }))
})

describeTus(
  'SvelteKit',
  (options) => overSvelteKit({ checksums: checksums(), ...options }),
  SVELTEKIT.tus,
)
// The tests of adapter-node have the whole set over node:http.
describeDraft('SvelteKit', (options) => overSvelteKit({ checksums: checksums(), ...options }), {
  ...SVELTEKIT.draft,
  rules: isLong ? 'all' : 'host',
})

describe('route handlers', () => {
  let listening: Listening | null = null
  afterEach(() => listening?.close())

  async function upload(
    path: string,
    fetch: (request: Request) => Promise<Response>,
    uploads: UploadServer,
  ): Promise<void> {
    listening = await listen(uploads, fetch)
    const { send } = socketClient(listening.origin)
    const created = await send(`POST ${path}`, { 'upload-length': '10' })
    expect(created.status).toBe(201)
    const upload = created.headers['location'] ?? ''
    expect((await send(`PATCH ${upload}`, { 'upload-offset': '0' }, 'hello')).status).toBe(204)
    expect((await send(`HEAD ${upload}`)).headers['upload-offset']).toBe('5')
    expect((await send(`PATCH ${upload}`, { 'upload-offset': '5' }, 'world')).status).toBe(204)
    expect((await send(`GET ${upload}`)).text).toBe('helloworld')
    expect((await send(`DELETE ${upload}`)).status).toBe(204)
    expect((await send(`OPTIONS ${path}`)).headers['tus-version']).toBe('1.0.0')
  }

  it('hooks of a Next.js route handler get the context of Next.js', async () => {
    const seen = new Set<string | undefined>()
    const server = createUploadServer<NextContext>({
      path: '/files',
      store: openStore().store,
      downloads: true,
      hooks: {
        async authorize(_action, _upload, context) {
          seen.add((await context?.params)?.path?.join('/'))
        },
      },
    })
    const route = nextRoute(server)
    await upload('/files', (request) => callNext(route, request), server)
    expect([...seen]).toEqual([undefined, expect.stringMatching(/^[0-9a-f]{32}$/)])
  })

  it('hooks of a SvelteKit route handler get the event of SvelteKit', async () => {
    const seen = new Set<string>()
    const server = createUploadServer<SvelteEvent>({
      path: '/files',
      store: openStore().store,
      downloads: true,
      hooks: { identify: ({ locals }) => (seen.add(locals.user), locals.user) },
    })
    const handler = fetchHandler(server, {
      remoteAddress: (_request, event) => event.getClientAddress(),
    })
    const fallback = (event: SvelteEvent): Promise<Response> => handler(event.request, event)
    await upload('/files', (request) => fallback({ ...CLIENT, request }), server)
    expect([...seen]).toEqual(['ada'])
  })

  it('hooks of a Remix route handler get the arguments of Remix', async () => {
    const seen = new Set<string>()
    const server = createUploadServer<RouteArguments>({
      path: '/files',
      store: openStore().store,
      downloads: true,
      hooks: { identify: ({ context }) => (seen.add(context.user), context.user) },
    })
    const handler = fetchHandler(server)
    const route = (call: RouteArguments): Promise<Response> => handler(call.request, call)
    const [loader, action] = [route, route]
    const call = { params: {}, context: { user: 'ada' } }
    await upload(
      '/files',
      (request) =>
        /^(GET|HEAD|OPTIONS)$/.test(request.method)
          ? loader({ ...call, request })
          : action({ ...call, request }),
      server,
    )
    expect([...seen]).toEqual(['ada'])
  })
})
