// Loads each entry it is given by `require`, and uploads something over node:http into a directory.
const { closeServer, nodeHandler } = require('@tusker/adapter-node')
const { createUploadServer } = require('@tusker/core')
const { fsStore } = require('@tusker/store-fs')
const assert = require('node:assert/strict')
const { mkdtempSync, readFileSync, rmSync } = require('node:fs')
const { createServer } = require('node:http')
const { join } = require('node:path')

for (const specifier of process.argv.slice(2)) {
  assert.notEqual(Object.keys(require(specifier)).length, 0, `${specifier} exports nothing`)
}

const directory = mkdtempSync(join(__dirname, 'uploads-'))
const uploads = createUploadServer({ path: '/files', store: fsStore({ directory }) })
const server = createServer(nodeHandler(uploads)).listen(0, '127.0.0.1', () => void use())

async function use() {
  const headers = {
    'tus-resumable': '1.0.0',
    'upload-length': '100000',
    'content-type': 'application/offset+octet-stream',
  }
  const url = `http://127.0.0.1:${server.address().port}/files`
  const created = await fetch(url, { method: 'POST', headers, body: 'x'.repeat(100_000) })
  assert.equal(created.headers.get('upload-offset'), '100000')
  const id = created.headers.get('location').split('/').at(-1)
  assert.equal(readFileSync(join(directory, id), 'utf8').length, 100_000)
  await closeServer(server, uploads)
  rmSync(directory, { recursive: true })
}
