import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Fields, TestContent } from './support/test-content.ts'
import {
  asAnn,
  asBob,
  asCarl,
  asEve,
  BYTES,
  metadataOf,
  testContent,
  TUS,
  upload,
} from './support/test-content.ts'

let content: TestContent

beforeEach(async () => {
  content = await testContent()
})
afterEach(async () => {
  vi.useRealTimers()
  await content?.end()
})

const FOLDER = '/content/folder/@tus-upload'
const TEST_TXT = 'filename dGVzdC50eHQ=,content-type dGV4dC9wbGFpbg=='

/** Creates an upload of eight bytes and returns where it is. */
async function begin(place = FOLDER, as: Fields = asAnn, length = '8'): Promise<string> {
  const fields = { ...as, ...TUS, 'upload-length': length, 'upload-metadata': TEST_TXT }
  const { status, headers, text } = await content.send(`POST ${place}`, fields)
  expect({ status, text }).toMatchObject({ status: 201 })
  return headers['location'] ?? ''
}

async function located(metadata: string, text = 'x'): Promise<string | undefined> {
  return (await upload(content.send, FOLDER, { metadata, content: text })).headers['location']
}

function info(path: string): Promise<unknown> {
  return content.send(`GET ${path}/@info`, asAnn).then(({ text }) => JSON.parse(text))
}

describe('the metadata of an upload', () => {
  it.each([
    ['filename', 'content-type'],
    ['name', 'filetype'],
    ['FileName', 'Type'],
    ['NAME', 'Content-Type'],
  ])('sets the file name and the media type by the keys %s and %s', async (nameKey, typeKey) => {
    const metadata = metadataOf({ [nameKey]: 'plan.pdf', [typeKey]: 'application/pdf' })
    expect(await located(metadata)).toBe('/content/folder/plan.pdf')
    expect(await info('/content/folder/plan.pdf')).toMatchObject({
      '@type': 'File',
      id: 'plan.pdf',
      title: 'plan.pdf',
      fields: [{ name: 'file', filename: 'plan.pdf', 'content-type': 'application/pdf' }],
    })
  })

  it.each([['image/png'], ['image/svg+xml'], ['IMAGE/JPEG']])(
    'results in an Image for %s',
    async (type) => {
      const place = await located(metadataOf({ filename: 'p', filetype: type }))
      expect(await info(place ?? '')).toMatchObject({
        '@type': 'Image',
        fields: [{ name: 'image' }],
      })
    },
  )

  it.each(['', 'null', 'text', 'text/plain\r\nx: y', 'a/b/c', 'ä/b', 'text/ plain'])(
    'gets the default media type instead of "%s"',
    async (type) => {
      const place = await located(metadataOf({ filename: 'f', type }))
      expect(await info(place ?? '')).toMatchObject({
        '@type': 'File',
        fields: [{ 'content-type': 'application/octet-stream' }],
      })
    },
  )

  it('may be absent', async () => {
    expect(await located('')).toBe('/content/folder/file')
    expect(await located('')).toBe('/content/folder/file-2')
  })

  it('may select the type of content', async () => {
    const metadata = metadataOf({ filename: 'p.png', filetype: 'image/png', '@type': 'File' })
    expect(await info((await located(metadata)) ?? '')).toMatchObject({ '@type': 'File' })
  })

  it.each([
    [{ '@type': 'Nothing' }, '@type'],
    [{ '@type': '__proto__' }, '@type'],
    [{ '@type': 'constructor' }, '@type'],
    [{ '@type': 'Folder' }, 'no field'],
    [{ fieldname: 'nothing' }, 'fieldname'],
    [{ fieldname: '__proto__' }, 'fieldname'],
    [{ fieldname: 'image', '@type': 'File' }, 'fieldname'],
  ])('is refused when it asks for %o', async (values, word) => {
    const { status, text } = await upload(content.send, FOLDER, { metadata: metadataOf(values) })
    expect(status).toBe(400)
    expect(JSON.parse(text)).toMatchObject({
      error: {
        type: 'MalformedRequest',
        code: 'malformed_request',
        message: expect.stringContaining(word),
      },
    })
  })

  it('never decides whether something is created or replaced', async () => {
    await located(metadataOf({ filename: 'a.txt' }), 'old')
    const metadata = metadataOf({
      filename: 'a.txt',
      mode: 'replace',
      context: '/closed',
      base: '/x',
    })
    expect(await located(metadata, 'new')).toBe('/content/folder/a-2.txt')
    expect((await content.send('GET /content/folder/a.txt', asAnn)).text).toBe('old')
  })

  it.each([
    ['../../../etc/passwd', 'passwd'],
    ['..', 'file'],
    ['C:\\temp\\a.txt', 'a.txt'],
    ['__proto__', '__proto__'],
    ['constructor', 'constructor'],
    ['con', '_con'],
    ['%2e%2e', '2e-2e'],
    ['%00', '00'],
    ['@tus-upload', 'tus-upload'],
    ['++api++', 'api%2B%2B'],
    ['a\r\nlocation: x', 'alocation-x'],
    ['Übersicht 2.pdf', '%C3%9Cbersicht-2.pdf'],
    ['<script>.html', 'script.html'],
  ])('gives content called "%s" the id %s', async (filename, id) => {
    const place = `/content/folder/${id}`
    expect(await located(metadataOf({ filename }), 'data')).toBe(place)
    expect((await content.send(`GET ${place}`, asAnn)).text).toBe('data')
  })

  it('may have a name of four thousand bytes, which is shortened', async () => {
    const place = await located(metadataOf({ filename: `${'n'.repeat(4000)}.pdf` }), 'data')
    expect(place).toMatch(/^\/content\/folder\/n{100,200}\.pdf$/)
    expect((await content.send(`GET ${place}`, asAnn)).text).toBe('data')
  })

  it('is ignored where it is not text', async () => {
    expect(await located('filename /w==')).toBe('/content/folder/file')
  })
})

describe('an upload of zero bytes', () => {
  it('becomes an empty file at once', async () => {
    const answer = await upload(content.send, FOLDER, { metadata: TEST_TXT })
    expect(answer).toMatchObject({
      status: 201,
      headers: { 'content-location': '/content/folder/test.txt' },
    })
    const file = await content.send('GET /content/folder/test.txt', asAnn)
    expect(file).toMatchObject({ status: 200, text: '', headers: { 'content-length': '0' } })
  })
})

describe('content with a name that is taken', () => {
  it('gets its own id, also when many uploads complete at the same time', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        upload(content.send, FOLDER, { metadata: TEST_TXT, content: String(index) }),
      ),
    )
    const places = answers.map(({ headers }) => headers['location'] ?? '')
    const texts = await Promise.all(places.map((place) => content.send(`GET ${place}`, asAnn)))
    expect(texts.map(({ text }) => text)).toEqual(['0', '1', '2', '3', '4', '5', '6', '7'])
  })
})

describe('the protocol', () => {
  it.each([
    [{ 'tus-resumable': '0.2.2' }, 412],
    [{ 'tus-resumable': '' }, 412],
    [{ 'upload-length': '' }, 400],
    [{ 'upload-length': '-1' }, 400],
    [{ 'upload-length': 'abc' }, 400],
    [{ 'upload-metadata': 'filename ?' }, 400],
  ])('is checked at a creation: %o gets %i', async (fields, status) => {
    const answer = await content.send(`POST ${FOLDER}`, {
      ...asAnn,
      ...TUS,
      'upload-length': '8',
      ...fields,
    })
    expect(answer.status).toBe(status)
    expect(answer.headers['tus-resumable']).toBe('1.0.0')
    expect(JSON.parse(answer.text)).toHaveProperty('error.type')
    if (status === 412) expect(answer.headers['tus-version']).toBe('1.0.0')
  })

  it.each([
    [{ 'content-type': 'text/plain' }, 415],
    [{ 'upload-offset': '' }, 400],
    [{ 'upload-offset': 'x' }, 400],
    [{ 'upload-offset': '3' }, 409],
    [{ 'tus-resumable': '2.0.0' }, 412],
  ])('is checked at an append: %o gets %i', async (fields, status) => {
    const place = await begin()
    const all = { ...asAnn, ...BYTES, 'upload-offset': '0', ...fields }
    expect((await content.send(`PATCH ${place}`, all, 'abc')).status).toBe(status)
    const { headers } = await content.send(`HEAD ${place}`, { ...asAnn, ...TUS })
    expect(headers['upload-offset']).toBe('0')
  })

  it('refuses bytes beyond the length', async () => {
    const place = await begin()
    const fields = { ...asAnn, ...BYTES, 'upload-offset': '0' }
    expect((await content.send(`PATCH ${place}`, fields, 'abcdefghi')).status).toBe(413)
  })

  it.each(['PATCH', 'HEAD', 'DELETE'])('gives 404 for %s without an upload id', async (method) => {
    const place = await begin()
    const uid = place.split('/').at(-1) ?? ''
    const nowhere = ['', '/', '/unknown', `/${uid}/more`, `/${uid}/more/`, '/%2e%2e', `/x/${uid}`]
    for (const rest of nowhere) {
      const fields = { ...asAnn, ...BYTES, 'upload-offset': '0' }
      const { status } = await content.send(`${method} ${FOLDER}${rest}`, fields)
      expect({ rest, status }).toEqual({ rest, status: 404 })
    }
    expect((await content.send(`HEAD ${place}`, { ...asAnn, ...TUS })).status).toBe(200)
  })

  it('refuses paths that no content can have', async () => {
    const places = [
      'nothing',
      'folder/..',
      'folder//x',
      '%2e%2e',
      'a%2Fb',
      'a%5Cb',
      '%00',
      '%ff',
      '.x',
    ]
    for (const place of places) {
      const fields = { ...asAnn, ...TUS, 'upload-length': '8' }
      const { status } = await content.send(`POST /content/${place}/@tus-upload`, fields)
      expect({ place, status }).toEqual({ place, status: 404 })
    }
  })

  it('refuses a creation outside a container', async () => {
    await upload(content.send, FOLDER, { metadata: TEST_TXT, content: 'x' })
    const fields = { ...asAnn, ...TUS, 'upload-length': '8' }
    const answer = await content.send('POST /content/folder/test.txt/@tus-upload', fields)
    expect(answer).toMatchObject({ status: 404, text: expect.stringContaining('container') })
  })

  it('limits the length, and announces the limit', async () => {
    await content.end()
    content = await testContent({ maxLength: 5 })
    const options = await content.send(`OPTIONS ${FOLDER}`)
    expect(options.headers['tus-max-size']).toBe('5')
    expect((await upload(content.send, FOLDER, { content: '123456' })).status).toBe(413)
  })
})

describe('permission', () => {
  const fields = { ...BYTES, 'upload-length': '8', 'upload-offset': '0' }

  it.each(['POST', 'PATCH', 'HEAD', 'DELETE'])('is needed for %s', async (method) => {
    const place = method === 'POST' ? FOLDER : await begin()
    const statusOf = async (as: Fields): Promise<number> =>
      (await content.send(`${method} ${place}`, { ...fields, ...as })).status
    const unknown = await content.send(`${method} ${place}`, fields)
    expect(unknown.status).toBe(401)
    expect(unknown.headers['www-authenticate']).toBe('Basic realm="content", charset="UTF-8"')
    expect(unknown.headers['tus-resumable']).toBe('1.0.0')
    expect(await statusOf({ authorization: 'Basic YW5uOndyb25n' })).toBe(401)
    expect(await statusOf({ authorization: 'Bearer x' })).toBe(401)
    expect(await statusOf(asCarl)).toBe(403)
    expect(await statusOf(asEve)).toBe(403)
    expect(await statusOf(asAnn)).toBeLessThan(300)
  })

  it.each(['POST', 'PATCH', 'HEAD', 'DELETE'])(
    'is needed for %s where content is replaced',
    async (method) => {
      await upload(content.send, FOLDER, { metadata: TEST_TXT, content: 'x' })
      const replace = '/content/folder/test.txt/@tus-replace'
      const place = method === 'POST' ? replace : await begin(replace)
      const statusOf = async (as: Fields): Promise<number> =>
        (await content.send(`${method} ${place}`, { ...fields, ...as })).status
      expect(await statusOf({})).toBe(401)
      expect(await statusOf(asCarl)).toBe(403)
      expect(await statusOf(asAnn)).toBeLessThan(300)
    },
  )

  it.each(['PATCH', 'HEAD', 'DELETE'])(
    'to %s the upload of another user is never given',
    async (method) => {
      const place = await begin()
      const other = await content.send(`${method} ${place}`, { ...fields, ...asBob }, 'abcdefgh')
      expect(other.status).toBe(403)
      const own = await content.send(`HEAD ${place}`, { ...TUS, ...asAnn })
      expect(own).toMatchObject({ status: 200, headers: { 'upload-offset': '0' } })
    },
  )

  it('is checked before a client can find out what exists', async () => {
    for (const place of ['nothing', 'folder/nothing', 'closed']) {
      const anonymous = await content.send(`POST /content/${place}/@tus-upload`, fields)
      expect(anonymous.status).toBe(401)
      const carl = await content.send(`POST /content/${place}/@tus-upload`, {
        ...fields,
        ...asCarl,
      })
      expect(carl.status).toBe(403)
    }
    expect((await content.send(`HEAD ${FOLDER}/unknown`, TUS)).status).toBe(401)
  })

  it('is not needed for OPTIONS, which reveals nothing about content', async () => {
    const [there, not] = [
      await content.send(`OPTIONS ${FOLDER}`),
      await content.send('OPTIONS /content/nothing/@tus-upload/x', {
        authorization: 'Basic wrong',
      }),
    ]
    expect(there.status).toBe(204)
    expect(not).toEqual(there)
  })

  it('cannot be gained by overriding the method', async () => {
    const place = await begin()
    const override = { ...fields, 'x-http-method-override': 'DELETE' }
    expect((await content.send(`OPTIONS ${place}`, override)).status).toBe(401)
    expect((await content.send(`OPTIONS ${place}`, { ...override, ...asBob })).status).toBe(403)
    expect((await content.send(`POST ${place}`, { ...override, ...asAnn })).status).toBe(204)
  })
})

describe('an upload', () => {
  it('is found only at the context where it was created', async () => {
    const uid = (await begin()).split('/').at(-1) ?? ''
    for (const place of ['', '/closed', '/folder/test.txt']) {
      const path = `/content${place}/@tus-upload/${uid}`
      expect((await content.send(`HEAD ${path}`, { ...TUS, ...asAnn })).status).toBe(404)
      const fields = { ...BYTES, ...asAnn, 'upload-offset': '0' }
      expect((await content.send(`PATCH ${path}`, fields, 'abcdefgh')).status).toBe(404)
      expect((await content.send(`DELETE ${path}`, { ...TUS, ...asAnn })).status).toBe(404)
    }
  })

  it('is found by another spelling of the same path', async () => {
    const place = await begin()
    const other = place.replace('@tus-upload', '%40tus-upload').replace('folder', 'f%6Flder')
    expect((await content.send(`HEAD ${other}`, { ...TUS, ...asAnn })).status).toBe(200)
  })

  it('expires an hour after its last activity, and its content never does', async () => {
    const done = await upload(content.send, FOLDER, { metadata: TEST_TXT, content: 'abcdefgh' })
    const place = await begin()
    await content.send(`PATCH ${place}`, { ...BYTES, ...asAnn, 'upload-offset': '0' }, 'abc')
    later(59 * MINUTE)
    await content.server.sweep()
    const look = await content.send(`HEAD ${place}`, { ...TUS, ...asAnn })
    expect(look).toMatchObject({ status: 200, headers: { 'upload-offset': '3' } })
    later(2 * MINUTE)
    expect((await content.send(`HEAD ${place}`, { ...TUS, ...asAnn })).status).toBe(410)
    await content.server.sweep()
    expect((await content.send(`HEAD ${place}`, { ...TUS, ...asAnn })).status).toBe(404)
    later(48 * 60 * MINUTE)
    await content.server.sweep()
    const file = await content.send(`GET ${done.headers['location']}`, asAnn)
    expect(file).toMatchObject({ status: 200, text: 'abcdefgh' })
  })

  it('that has become content is kept for a day, to repeat its response', async () => {
    const place = await begin()
    await content.send(`PATCH ${place}`, { ...BYTES, ...asAnn, 'upload-offset': '0' }, 'abcdefgh')
    later(23 * 60 * MINUTE)
    await content.server.sweep()
    expect((await content.send(`HEAD ${place}`, { ...TUS, ...asAnn })).status).toBe(200)
    later(2 * 60 * MINUTE)
    await content.server.sweep()
    expect((await content.send(`HEAD ${place}`, { ...TUS, ...asAnn })).status).toBe(404)
  })

  it('can have its errors as text', async () => {
    const fields = { ...asAnn, 'tus-resumable': '1.0.0', accept: 'text/plain' }
    const { status, text } = await content.send(`POST ${FOLDER}`, fields)
    expect({ status, text }).toMatchObject({
      status: 400,
      text: expect.stringContaining('upload-length'),
    })
  })
})

const MINUTE = 60_000

function later(milliseconds: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + milliseconds })
}
