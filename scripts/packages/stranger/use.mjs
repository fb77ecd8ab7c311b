// Loads each entry it is given, and uploads something through the fetch adapter.
import { fetchHandler } from '@tusker/adapter-fetch'
import { createUploadServer } from '@tusker/core'
import { memoryStore } from '@tusker/store-memory'
import assert from 'node:assert/strict'

for (const specifier of process.argv.slice(2)) {
  const names = await import(specifier)
  assert.notEqual(Object.keys(names).length, 0, `${specifier} exports nothing`)
}

const uploads = createUploadServer({ path: '/files', store: memoryStore(), downloads: true })
const answer = fetchHandler(uploads)
const ask = (path, method, headers, body) =>
  answer(new Request(`http://localhost${path}`, { method, headers, body }))
const tus = { 'tus-resumable': '1.0.0' }

const created = await ask('/files', 'POST', { ...tus, 'upload-length': '5' })
assert.equal(created.status, 201)
const path = created.headers.get('location')
const type = { 'content-type': 'application/offset+octet-stream' }
const appended = await ask(path, 'PATCH', { ...tus, ...type, 'upload-offset': '0' }, 'hello')
assert.equal(appended.headers.get('upload-offset'), '5')
assert.equal(await (await ask(path, 'GET', {})).text(), 'hello')
