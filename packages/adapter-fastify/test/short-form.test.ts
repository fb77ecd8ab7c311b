import { fastify } from 'fastify'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { fastifyUploads } from '../src/index.ts'

it('fastifyUploads creates an upload server over a directory and closes it with the application', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tusker-short-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const app = fastify()
  app.register(fastifyUploads, { prefix: '/api', path: '/files', directory })
  const origin = await app.listen({ port: 0, host: '127.0.0.1' })

  const create = (): Promise<Response> =>
    fetch(`${origin}/api/files`, {
      method: 'POST',
      headers: {
        'tus-resumable': '1.0.0',
        'upload-length': '5',
        'content-type': 'application/offset+octet-stream',
      },
      body: 'hello',
    })
  const response = await create()
  expect(response.status).toBe(201)
  expect(response.headers.get('location')).toMatch(/^\/api\/files\//)
  expect(await readdir(directory)).not.toEqual([])
  await app.close()
  await expect(create()).rejects.toThrow()
})

it('fastifyUploads refuses to be registered without an upload server or options', async () => {
  const app = fastify()
  // @ts-expect-error: JavaScript users have no types.
  app.register(fastifyUploads, {})
  await expect(app.ready()).rejects.toThrow(/upload server/)
})
