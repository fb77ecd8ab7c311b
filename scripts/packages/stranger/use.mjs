// Loads each entry it is given by `import` and by `require`, and uploads something over node:http and fetch.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fetchHandler } from '@tusker/adapter-fetch'
import { closeServer, nodeHandler } from '@tusker/adapter-node'
import { createUploadServer } from '@tusker/core'
import { fsStore } from '@tusker/store-fs'

const require = createRequire(import.meta.url)
for (const specifier of process.argv.slice(2)) {
  const imported = Object.keys(await import(specifier))
  assert.notEqual(imported.length, 0, `${specifier} exports nothing`)
  assert.deepEqual(imported, Object.keys(require(specifier)), specifier)
}

const directory = mkdtempSync(join(import.meta.dirname, 'uploads-'))
const uploads = createUploadServer({ path: '/files', store: fsStore({ directory }) })
const server = createServer(nodeHandler(uploads))
await new Promise((resolve) => server.listen(0, resolve))
for (const send of [fetch, fetchHandler(uploads)]) {
  const headers = {
    'tus-resumable': '1.0.0',
    'upload-length': '100000',
    'content-type': 'application/offset+octet-stream',
  }
  const body = 'x'.repeat(100_000)
  const url = `http://localhost:${server.address().port}/files`
  const created = await send(new Request(url, { method: 'POST', headers, body }))
  assert.equal(created.status, 201)
  assert.equal(created.headers.get('upload-offset'), '100000')
  const id = created.headers.get('location').split('/').at(-1)
  assert.equal(readFileSync(join(directory, id), 'utf8'), body)
}
await closeServer(server, uploads)
rmSync(directory, { recursive: true })
