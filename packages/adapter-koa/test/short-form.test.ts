import type { StandardSchema } from '@tusker/core'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, expectTypeOf, it } from 'vitest'
import type { Context } from 'koa'
import Koa from 'koa'
import { closeServer, koaUploads } from '../src/index.ts'

const schema: StandardSchema<{ album: string }> = {
  '~standard': {
    validate: (value) => ({ value: { album: String((value as { album?: unknown }).album) } }),
  },
}

let directory: string
beforeEach(async () => void (directory = await mkdtemp(join(tmpdir(), 'tusker-short-'))))
afterEach(() => rm(directory, { recursive: true }))

/** Uploads 5 bytes in one request and returns the status. */
async function upload(origin: string): Promise<number> {
  const response = await fetch(`${origin}/files`, {
    method: 'POST',
    headers: {
      'tus-resumable': '1.0.0',
      'upload-length': '5',
      'upload-metadata': 'album c3VtbWVy',
      'content-type': 'application/offset+octet-stream',
    },
    body: 'hello',
  })
  return response.status
}

it('koaUploads creates an upload server over a directory, with typed hooks', async () => {
  const albums: string[] = []
  const files = koaUploads({
    path: '/files',
    directory,
    metadata: schema,
    hooks: {
      beforeCreate(draft, context) {
        expectTypeOf(draft.parsedMetadata).toEqualTypeOf<{ album: string }>()
        expectTypeOf(context).toEqualTypeOf<Context>()
        albums.push(draft.parsedMetadata.album)
      },
    },
  })
  const server = new Koa().use(files).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  try {
    expect(await upload(`http://127.0.0.1:${port}`)).toBe(201)
    expect(albums).toEqual(['summer'])
    expect(await readdir(directory)).not.toEqual([])
  } finally {
    await closeServer(server, files.uploads)
  }
})

it('koaUploads refuses to be called without an upload server or options', () => {
  // @ts-expect-error: JavaScript users have no types.
  expect(() => koaUploads({})).toThrow(/upload server/)
})
