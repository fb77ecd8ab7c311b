// Loads each entry it is given, and uploads something through the fetch adapter.
import assert from 'node:assert/strict'
import { fetchHandler } from '@tusker/adapter-fetch'
import { createUploadServer } from '@tusker/core'
import { memoryStore } from '@tusker/store-memory'

for (const specifier of process.argv.slice(2)) {
  assert.notEqual(Object.keys(await import(specifier)).length, 0, `${specifier} exports nothing`)
}

const handle = fetchHandler(createUploadServer({ path: '/files', store: memoryStore() }))
const headers = {
  'tus-resumable': '1.0.0',
  'upload-length': '5',
  'content-type': 'application/offset+octet-stream',
}
const request = new Request('http://localhost/files', { method: 'POST', headers, body: 'hello' })
const response = await handle(request)
assert.equal(response.status, 201)
assert.equal(response.headers.get('upload-offset'), '5')
