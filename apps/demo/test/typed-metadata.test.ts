import { createUploadServer } from '@tusker/core'
import { memoryStore } from '@tusker/store-memory'
import { memoryClient } from '@tusker/testing'
import { expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'

const Photo = z.object({ filename: z.string().max(20), year: z.coerce.number().int() })

it('a schema of zod validates metadata and types it in hooks', async () => {
  const years: number[] = []
  const server = createUploadServer({
    path: '/files',
    store: memoryStore(),
    metadata: Photo,
    hooks: {
      onComplete({ parsedMetadata }) {
        expectTypeOf(parsedMetadata).toEqualTypeOf<{ filename: string; year: number }>()
        years.push(parsedMetadata.year)
      },
    },
  })
  const { send } = memoryClient(server)
  const create = (filename: string, year: string): ReturnType<typeof send> =>
    send('POST /files', {
      'upload-length': '0',
      'upload-metadata': `filename ${btoa(filename)},year ${btoa(year)}`,
    })

  expect((await create('sea.jpg', '2026')).status).toBe(201)
  expect(years).toEqual([2026])
  const refused = await create('a name that is too long for this', 'soon')
  expect(refused.status).toBe(400)
  expect(refused.text).toContain('filename: ')
  expect(refused.text).toContain('year: ')
})
