import { request } from 'node:http'
import { expect, it } from 'vitest'
import { freePort } from '../../testing/test/support/free-port.ts'
import { run, scratch } from './support/server-process.ts'

const TUS = { 'tus-resumable': '1.0.0' }
const TUS_BYTES = { ...TUS, 'content-type': 'application/offset+octet-stream' }
const DRAFT_BYTES = { 'content-type': 'application/partial-upload' }

/** Creates an upload of 10 bytes with its first half on one server, and returns its URL on the next. */
async function afterKill(
  headers: Record<string, string>,
  half: Record<string, string>,
): Promise<string> {
  const directory = await scratch()
  const port = String(await freePort())
  const first = run([directory, '--port', port])
  const endpoint = await first.url()
  const created = await fetch(endpoint, { method: 'POST', headers })
  const url = new URL(created.headers.get('location') ?? '', endpoint).href
  await fetch(url, { method: 'PATCH', headers: { ...half, 'upload-offset': '0' }, body: 'hello' })
  first.child.kill('SIGKILL')
  await first.ended
  await run([directory, '--port', port]).url()
  return url
}

it('an upload that tus began before SIGKILL is finished with the draft', async () => {
  const url = await afterKill({ ...TUS, 'upload-length': '10' }, TUS_BYTES)
  const looked = await fetch(url, { method: 'HEAD' })
  expect(looked.headers.get('upload-offset')).toBe('5')
  const last = { ...DRAFT_BYTES, 'upload-complete': '?1', 'upload-offset': '5' }
  const answer = await fetch(url, { method: 'PATCH', headers: last, body: 'world' })
  expect(answer.headers.get('upload-complete')).toBe('?1')
  expect(await (await fetch(url)).text()).toBe('helloworld')
})

it('an upload that the draft began before SIGKILL is finished with tus', async () => {
  const creation = { 'upload-complete': '?0', 'upload-length': '10' }
  const url = await afterKill(creation, { ...DRAFT_BYTES, 'upload-complete': '?0' })
  const looked = await fetch(url, { method: 'HEAD', headers: TUS })
  expect(looked.headers.get('upload-offset')).toBe('5')
  const last = { ...TUS_BYTES, 'upload-offset': '5' }
  expect((await fetch(url, { method: 'PATCH', headers: last, body: 'world' })).status).toBe(204)
  const ended = await fetch(url, { method: 'HEAD' })
  expect(ended.headers.get('upload-complete')).toBe('?1')
})

/** Appends slowly, until a 104 response acknowledges an offset. Returns that offset. */
function acknowledged(url: string): Promise<number> {
  const fields = {
    'upload-draft-interop-version': '8',
    'upload-complete': '?0',
    'upload-offset': '0',
  }
  return new Promise((resolve, reject) => {
    const append = request(url, { method: 'PATCH', headers: { ...DRAFT_BYTES, ...fields } })
    const sending = setInterval(() => append.write('x'.repeat(1_000)), 20)
    append.on('information', ({ statusCode, headers }) => {
      const offset = Number(headers['upload-offset'] ?? 0)
      if (statusCode === 104 && offset > 0) resolve(offset)
    })
    append.on('response', ({ statusCode }) => reject(new Error(`the append ended: ${statusCode}`)))
    append.on('close', () => clearInterval(sending))
    append.on('error', reject)
  })
}

it('bytes that a 104 response acknowledged are kept after SIGKILL', async () => {
  const directory = await scratch()
  const port = String(await freePort())
  const first = run([directory, '--port', port])
  const endpoint = await first.url()
  const creation = { 'upload-complete': '?0', 'upload-length': '1000000' }
  const created = await fetch(endpoint, { method: 'POST', headers: creation })
  const url = new URL(created.headers.get('location') ?? '', endpoint).href
  const offset = await acknowledged(url)
  first.child.kill('SIGKILL')
  await first.ended
  await run([directory, '--port', port]).url()
  const looked = await fetch(url, { method: 'HEAD' })
  expect(Number(looked.headers.get('upload-offset'))).toBeGreaterThanOrEqual(offset)
})
