import type { StandardSchema } from '@tusker/core'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, expectTypeOf, it } from 'vitest'
import type { NodeContext } from '../src/index.ts'
import { closeServer, nodeHandler } from '../src/index.ts'

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

it('nodeHandler creates an upload server over a directory, with typed hooks', async () => {
  const albums: string[] = []
  const files = nodeHandler({
    path: '/files',
    directory,
    metadata: schema,
    hooks: {
      beforeCreate(draft, context) {
        expectTypeOf(draft.parsedMetadata).toEqualTypeOf<{ album: string }>()
        expectTypeOf(context).toEqualTypeOf<NodeContext>()
        albums.push(draft.parsedMetadata.album)
      },
    },
  })
  const server = createServer(files).listen(0, '127.0.0.1')
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

it('nodeHandler refuses to be called without an upload server or options', () => {
  // @ts-expect-error: JavaScript users have no types.
  expect(() => nodeHandler({})).toThrow(/upload server/)
})
