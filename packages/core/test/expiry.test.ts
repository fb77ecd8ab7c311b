import { createUploadServer } from '@tusker/core'
import { memoryStore } from '@tusker/store-memory'
import { describeGuarantees } from '@tusker/testing'
import { expect, it } from 'vitest'
import { openStore } from './support/memory-host.ts'

describeGuarantees('memory store', openStore, ['expiry'])

it('a 409 says when the upload expires, and asks the store and `authorize` only once', async () => {
  const store = memoryStore()
  const looks: string[] = []
  const server = createUploadServer({
    path: '/files',
    expireAfter: '1h',
    store: {
      ...store,
      find(id) {
        looks.push('find')
        return store.find(id)
      },
    },
    hooks: { authorize: (action) => void looks.push(action) },
  })
  const send = (method: string, path: string, fields: Record<string, string>) =>
    server.handle({
      method,
      path,
      prefix: '',
      headers: new Headers({ 'tus-resumable': '1.0.0', ...fields }),
      body: (async function* () {})(),
      signal: new AbortController().signal,
      context: null,
      remoteAddress: null,
    })
  const { headers } = await send('POST', '/files', { 'upload-length': '5' })
  looks.length = 0

  const wrong = { 'upload-offset': '3', 'content-type': 'application/offset+octet-stream' }
  const refused = await send('PATCH', headers['location'] ?? '', wrong)
  await server.close()
  expect(refused).toMatchObject({ status: 409, headers: { 'upload-expires': expect.anything() } })
  expect(looks).toEqual(['find', 'append'])
})
