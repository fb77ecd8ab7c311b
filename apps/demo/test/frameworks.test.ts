import { connectRaw } from '@tusker/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { FRAMEWORKS } from '../src/frameworks/load-framework.ts'
import type { Demo } from './support/demo-process.ts'
import { startDemo } from './support/demo-process.ts'

const TUS = { 'tus-resumable': '1.0.0' }

let demo: Demo | undefined
afterEach(() => demo?.dispose())

describe.each(FRAMEWORKS)('the demo, served by %s', (framework) => {
  it('serves its pages, logs requests, and shuts down in an orderly way', async () => {
    demo = await startDemo({ FRAMEWORK: framework })
    expect(await (await fetch(`${demo.url}/health`)).text()).toBe('ok\n')
    expect((await fetch(demo.url, { method: 'HEAD' })).status).toBe(200)
    expect((await fetch(`${demo.url}/none?secret=1`)).status).toBe(404)
    const signedIn = await fetch(`${demo.url}/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'admin', password: 'secret' }),
    })
    const cookie = signedIn.headers.get('set-cookie')?.split(';', 1)[0] ?? ''
    const listing = await fetch(`${demo.url}/content`, { headers: { cookie } })
    expect([signedIn.status, listing.status]).toEqual([200, 200])
    const created = await fetch(`${demo.url}/files/`, {
      method: 'POST',
      headers: { ...TUS, 'upload-length': '10' },
    })
    expect(created.status).toBe(201)
    const upload = created.headers.get('location') ?? ''

    const connection = await connectRaw(demo.url)
    const fields = [
      `PATCH ${upload} HTTP/1.1`,
      'Host: localhost',
      'Tus-Resumable: 1.0.0',
      'Content-Type: application/offset+octet-stream',
      'Upload-Offset: 0',
      'Content-Length: 10',
      '',
      '',
    ]
    connection.write(`${fields.join('\r\n')}hello`)
    const offset = async (): Promise<string | null> => {
      const look = await fetch(`${demo?.url}${upload}`, { method: 'HEAD', headers: TUS })
      return look.headers.get('upload-offset')
    }
    await expect.poll(offset).toBe('5')
    const ended = demo.end('SIGTERM')
    const answer = await connection.answer()
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, expect.any(String)])
    connection.close()
    expect(await ended).toBe(0)
    const lines = demo.log().trim().split('\n')
    const requests = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(requests).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ method: 'GET', path: '/health', status: 200 }),
        expect.objectContaining({ method: 'GET', path: '/none', status: 404 }),
        expect.objectContaining({ method: 'POST', path: '/files/', status: 201 }),
        expect.objectContaining({
          method: 'PATCH',
          path: expect.stringMatching(/^\/files\/\w{4}…$/),
          status: 503,
        }),
      ]),
    )

    await demo.start()
    expect(await offset()).toBe('5')
  })
})
