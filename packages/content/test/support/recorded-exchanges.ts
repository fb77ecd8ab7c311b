import { describe, expect, it } from 'vitest'
import type { Answer, Fields, Send } from './test-content.ts'
import { asAnn, upload } from './test-content.ts'

/** A server to talk to for the length of one test. */
export interface Host {
  readonly send: Send
  end(): Promise<void>
}

const COMMON: Fields = { ...asAnn, Accept: 'application/json', 'Tus-Resumable': '1.0.0' }
const CREATE: Fields = {
  ...COMMON,
  'Upload-Length': '8',
  'Upload-Metadata': 'filename dGVzdC50eHQ=,content-type dGV4dC9wbGFpbg==',
}
const APPEND: Fields = { ...COMMON, 'Content-Type': 'application/offset+octet-stream' }
const IMF_DATE = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT$/

/** The exchanges that the manual of the endpoints records, with the values that stand there. */
export function describeRecordedExchanges(name: string, makeHost: () => Promise<Host>): void {
  async function talk(conversation: (send: Send) => Promise<void>): Promise<void> {
    const host = await makeHost()
    try {
      await conversation(host.send)
    } finally {
      await host.end()
    }
  }

  describe(`the exchanges of the manual, ${name}`, () => {
    it('create an upload in a folder', () =>
      talk(async (send) => {
        const created = await send('POST /content/folder/@tus-upload', CREATE)
        expect(created.status).toBe(201)
        expect(created.headers).toMatchObject({
          location: expect.stringMatching(/^\/content\/folder\/@tus-upload\/[\w-]+$/),
          'tus-resumable': '1.0.0',
          'upload-expires': expect.stringMatching(IMF_DATE),
        })
        const untilExpiry = Date.parse(created.headers['upload-expires'] ?? '') - Date.now()
        expect(untilExpiry).toBeGreaterThan(59 * 60_000)
        expect(untilExpiry).toBeLessThanOrEqual(60 * 60_000)
      }))

    it('upload a file in one request', () =>
      talk(async (send) => {
        const place = await created(send, 'POST /content/folder/@tus-upload')
        const last = await send(`PATCH ${place}`, { ...APPEND, 'Upload-Offset': '0' }, 'abcdefgh')
        expect(last).toMatchObject({ status: 204, text: '' })
        expect(last.headers).toMatchObject({
          location: '/content/folder/test.txt',
          'tus-resumable': '1.0.0',
          'upload-offset': '8',
        })
        await expectFile(send, '/content/folder/test.txt', 'abcdefgh')
      }))

    it('upload a file in two requests, with a look at it between them', () =>
      talk(async (send) => {
        const place = await created(send, 'POST /content/folder/@tus-upload')
        const first = await send(`PATCH ${place}`, { ...APPEND, 'Upload-Offset': '0' }, 'abc')
        expect(first).toMatchObject({ status: 204, text: '' })
        expect(first.headers).toMatchObject({
          'tus-resumable': '1.0.0',
          'upload-offset': '3',
          'upload-expires': expect.stringMatching(IMF_DATE),
        })
        expect(first.headers).not.toHaveProperty('location')

        const look = await send(`HEAD ${place}`, COMMON)
        expect(look).toMatchObject({ status: 200, text: '' })
        expect(look.headers).toMatchObject({
          'cache-control': 'no-store',
          'tus-resumable': '1.0.0',
          'upload-length': '8',
          'upload-offset': '3',
        })

        const last = await send(`PATCH ${place}`, { ...APPEND, 'Upload-Offset': '3' }, 'defgh')
        expect(last.status).toBe(204)
        expect(last.headers).toMatchObject({
          location: '/content/folder/test.txt',
          'upload-offset': '8',
        })
        await expectFile(send, '/content/folder/test.txt', 'abcdefgh')
      }))

    it('replace the bytes of a file', () =>
      talk(async (send) => {
        await upload(send, '/content/folder/@tus-upload', {
          metadata: 'filename bXlmaWxl',
          content: 'old bytes',
        })
        const place = await created(send, 'POST /content/folder/myfile/@tus-replace')
        expect(place).toMatch(/^\/content\/folder\/myfile\/@tus-upload\/[\w-]+$/)
        const last = await send(`PATCH ${place}`, { ...APPEND, 'Upload-Offset': '0' }, 'abcdefgh')
        expect(last.status).toBe(204)
        expect(last.headers).toMatchObject({
          location: '/content/folder/myfile',
          'upload-offset': '8',
        })
        await expectFile(send, '/content/folder/myfile', 'abcdefgh')
      }))

    it.each([
      '/content/folder/@tus-upload',
      '/content/folder/@tus-upload/u1',
      '/content/folder/@tus-replace',
    ])('ask what is possible at %s', (path) =>
      talk(async (send) => {
        const options = await send(`OPTIONS ${path}`, { Accept: 'application/json' })
        expect(options).toMatchObject({ status: 204, text: '' })
        expect(options.headers).toMatchObject({
          'tus-resumable': '1.0.0',
          'tus-version': '1.0.0',
        })
        const extensions = options.headers['tus-extension']?.split(',')
        expect(extensions).toEqual(
          expect.arrayContaining(['creation', 'expiration', 'termination']),
        )
      }),
    )

    it('give up an upload', () =>
      talk(async (send) => {
        const place = await created(send, 'POST /content/folder/@tus-upload')
        expect((await send(`DELETE ${place}`, COMMON)).status).toBe(204)
        expect((await send(`HEAD ${place}`, COMMON)).status).toBe(404)
      }))
  })
}

async function created(send: Send, line: string): Promise<string> {
  const { headers } = await send(line, CREATE)
  return headers['location'] ?? ''
}

async function expectFile(send: Send, path: string, text: string): Promise<Answer> {
  const file = await send(`GET ${path}`, COMMON)
  expect(file).toMatchObject({ status: 200, text })
  expect(file.headers['content-type']).toMatch(/^text\/plain/)
  return file
}
