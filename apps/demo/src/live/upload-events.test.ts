import type { ContentUpload } from '@tusker/content'
import type { HttpRequest, HttpResponse } from '@tusker/core'
import { urlPolicy } from '@tusker/core'
import { expect, it } from 'vitest'
import { uploadEvents } from './upload-events.ts'

const DATE = new Date(0)

function uploadsOf(owner: string, count: number): ReadonlyMap<string, ContentUpload> {
  const uploads = Array.from({ length: count }, (_, index): ContentUpload => {
    const id = `${owner}-${index}`
    return {
      id,
      location: `/content/@tus-upload/${id}`,
      mode: 'create',
      context: '/',
      owner,
      fileName: null,
      mediaType: 'text/plain',
      offset: 0,
      length: 10,
      state: 'unfinished',
      createdAt: DATE,
      updatedAt: DATE,
      expiresAt: null,
      content: null,
    }
  })
  return new Map(uploads.map((upload) => [upload.id, upload]))
}

interface Setting {
  readonly uploads?: ReadonlyMap<string, ContentUpload>
  readonly limits?: { readonly perUser: number; readonly inAll: number }
}

/** The live list, and listeners of it that are called like their users. */
function liveList({ uploads = new Map(), limits }: Setting) {
  let asked = 0
  let unfinished = uploads
  const listeners = new Set<() => void>()
  const handler = uploadEvents({
    watch: {
      listen({ changed }) {
        listeners.add(changed)
        return () => void listeners.delete(changed)
      },
      unfinished: () => unfinished,
      departureOf: () => ({ how: 'removed', content: null }),
      hint: () => undefined,
      close: () => undefined,
    },
    content: {
      maySee() {
        asked += 1
        return Promise.resolve(true)
      },
    },
    access: {
      challenge: 'Basic',
      may: () => true,
      identify: ({ headers }) => ({ name: headers.get('user') ?? '' }),
    },
    urls: urlPolicy({}),
    ...(limits === undefined ? {} : { limits }),
  })

  async function listen(user: string) {
    const gone = new AbortController()
    const headers = new Headers({ user })
    // The other members of a request are not read.
    const { signal } = gone
    const request = { method: 'GET', path: '/uploads/events', prefix: '', headers, signal }
    const response: HttpResponse = await handler.handle(request as unknown as HttpRequest)
    const { body } = response
    const stream = typeof body === 'object' ? body[Symbol.asyncIterator]() : null
    await stream?.next()
    return {
      response,
      leave: () => gone.abort(),
      next: async () => (await stream?.next())?.value as Uint8Array,
    }
  }

  function change(to: ReadonlyMap<string, ContentUpload>): void {
    unfinished = to
    for (const changed of listeners) changed()
  }
  return { listen, change, asked: () => asked }
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8')

it('a user has at most as many listeners as allowed, and gets 429 for one more', async () => {
  const { listen } = liveList({ limits: { perUser: 2, inAll: 10 } })
  const first = await listen('ada')
  expect((await listen('ada')).response.status).toBe(200)
  const refused = (await listen('ada')).response
  expect([refused.status, refused.headers['retry-after']]).toEqual([429, '30'])
  expect((await listen('ben')).response.status).toBe(200)
  first.leave()
  expect((await listen('ada')).response.status).toBe(200)
})

it('a listener takes the place of one whose client has gone unnoticed', async () => {
  const { listen } = liveList({ limits: { perUser: 1, inAll: 10 } })
  const old = await listen('ada')
  await old.next()
  const arriving = listen('ada')
  // The server writes to find out, and the connection turns out to be gone.
  expect(textOf(await old.next())).toBe(': still here\n\n')
  old.leave()
  expect((await arriving).response.status).toBe(200)
})

it('the live list has at most as many listeners as allowed, and responds 503 to one more', async () => {
  const { listen } = liveList({ limits: { perUser: 2, inAll: 2 } })
  await listen('ada')
  await listen('ben')
  const refused = (await listen('eve')).response
  expect([refused.status, refused.headers['retry-after']]).toEqual([503, '30'])
})

it('listeners of one user share the bytes of each message', async () => {
  const { listen, change, asked } = liveList({ uploads: uploadsOf('ada', 3) })
  const [one, other] = [await listen('ada'), await listen('ada')]
  const list = await one.next()
  expect(await other.next()).toBe(list)
  expect(asked()).toBe(3)
  change(uploadsOf('ada', 4))
  const changes = await one.next()
  expect(textOf(changes)).toMatch(/^event: changes\ndata: .*ada-3/)
  expect(await other.next()).toBe(changes)
})

it('a listener that has missed a change gets the whole list', async () => {
  const { listen, change } = liveList({ uploads: uploadsOf('ada', 1) })
  const [quick, slow] = [await listen('ada'), await listen('ada')]
  await quick.next()
  await slow.next()
  change(uploadsOf('ada', 2))
  await quick.next()
  change(uploadsOf('ada', 3))
  await quick.next()
  expect(textOf(await slow.next())).toMatch(/^event: uploads\ndata: .*ada-2/)
})

it('listeners of two users get messages of their own', async () => {
  const { listen } = liveList({ uploads: uploadsOf('ada', 1) })
  const [ada, ben] = [await (await listen('ada')).next(), await (await listen('ben')).next()]
  expect(textOf(ada)).toContain('"mine":true')
  expect(textOf(ben)).toContain('"mine":false')
})

it('the live list names 500 uploads, and counts the others', async () => {
  const { listen, change } = liveList({ uploads: uploadsOf('ada', 700) })
  const listener = await listen('ben')
  const list = textOf(await listener.next())
  expect(list.match(/"id":/g)).toHaveLength(500)
  expect(list).toContain('event: more\ndata: {"count":200}\n\n')
  change(uploadsOf('ada', 701))
  expect(textOf(await listener.next())).toBe('event: more\ndata: {"count":201}\n\n')
})
