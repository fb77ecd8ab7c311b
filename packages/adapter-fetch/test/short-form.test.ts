import type { StandardSchema } from '@tusker/core'
import { memoryStore } from '@tusker/store-memory'
import { expect, expectTypeOf, it } from 'vitest'
import { fetchHandler } from '../src/index.ts'

const schema: StandardSchema<{ album: string }> = {
  '~standard': {
    validate: (value) => ({ value: { album: String((value as { album?: unknown }).album) } }),
  },
}

it('fetchHandler creates an upload server from options, with typed hooks', async () => {
  const albums: string[] = []
  const handler = fetchHandler({
    path: '/files',
    store: memoryStore(),
    metadata: schema,
    hooks: {
      beforeCreate(draft, context: Request) {
        expectTypeOf(draft.parsedMetadata).toEqualTypeOf<{ album: string }>()
        albums.push(`${draft.parsedMetadata.album} ${context.method}`)
      },
    },
  })
  const request = new Request('http://host/files', {
    method: 'POST',
    headers: {
      'tus-resumable': '1.0.0',
      'upload-length': '5',
      'upload-metadata': 'album c3VtbWVy',
    },
  })
  expect((await handler(request)).status).toBe(201)
  expect(albums).toEqual(['summer POST'])
  await handler.uploads.close()
})
