import { memoryStore } from '@tusker/store-memory'
import { Hono } from 'hono'
import { expect, it } from 'vitest'
import { resumableFetch } from '../src/index.ts'

it('a route of Hono becomes resumable for clients that ask for it, and other clients see no change', async () => {
  const app = new Hono()
  app.post('/api/photos', async (c) => c.json({ got: await c.req.text() }, 201))
  const { fetch, close } = resumableFetch((request) => app.fetch(request), { store: memoryStore() })
  const send = (
    path: string,
    method: string,
    headers: Record<string, string>,
    body?: string,
  ): Promise<Response> =>
    fetch(new Request(`http://host${path}`, { method, headers, ...(body && { body }) }))

  const plain = await send('/api/photos', 'POST', {}, 'hello')
  expect(await plain.json()).toEqual({ got: 'hello' })

  const created = await send('/api/photos', 'POST', { 'upload-complete': '?0' }, 'hello')
  expect(created.status).toBe(201)
  const path = created.headers.get('location') ?? ''
  const last = {
    'upload-complete': '?1',
    'upload-offset': '5',
    'content-type': 'application/partial-upload',
  }
  const answer = await send(path, 'PATCH', last, 'world')
  expect(answer.status).toBe(201)
  expect(answer.headers.get('upload-complete')).toBe('?1')
  expect(await answer.json()).toEqual({ got: 'helloworld' })
  await close()
})
