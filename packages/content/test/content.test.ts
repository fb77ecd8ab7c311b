import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ContentTree } from '../src/index.ts'
import { basicAccess } from '../src/index.ts'
import type { Fields, TestContent } from './support/test-content.ts'
import {
  asAnn,
  asBob,
  asCarl,
  asEve,
  BYTES,
  metadataOf,
  sendTo,
  testContent,
  TUS,
  upload,
} from './support/test-content.ts'

let content: TestContent

beforeEach(async () => {
  content = await testContent()
})
afterEach(() => content?.end())

const FOLDER = '/content/folder/@tus-upload'
const JSON_BODY = { ...asAnn, 'content-type': 'application/json', accept: 'application/json' }

async function put(filename: string, text: string, type = 'text/plain'): Promise<string> {
  const metadata = metadataOf({ filename, 'content-type': type })
  const answer = await upload(content.send, FOLDER, { metadata, content: text })
  return answer.headers['location'] ?? ''
}

describe('content with bytes', () => {
  it('is sent whole, and the Accept field changes nothing', async () => {
    const place = await put('a.txt', 'abcdefgh')
    for (const accept of ['*/*', 'application/json', 'text/html']) {
      const answer = await content.send(`GET ${place}`, { ...asAnn, accept })
      expect(answer).toMatchObject({ status: 200, text: 'abcdefgh' })
      expect(answer.headers).toMatchObject({
        'content-length': '8',
        'accept-ranges': 'bytes',
        'x-content-type-options': 'nosniff',
        vary: 'Authorization',
      })
    }
  })

  it('is read in part', async () => {
    const place = await put('a.txt', 'abcdefgh')
    const part = await content.send(`GET ${place}`, { ...asAnn, range: 'bytes=2-4' })
    expect(part).toMatchObject({ status: 206, text: 'cde' })
    expect(part.headers['content-range']).toBe('bytes 2-4/8')
    const none = await content.send(`GET ${place}`, { ...asAnn, range: 'bytes=8-' })
    expect(none.status).toBe(416)
  })

  it('has an entity tag that changes when it is replaced', async () => {
    const place = await put('a.txt', 'abcdefgh')
    const { etag = '' } = (await content.send(`GET ${place}`, asAnn)).headers
    const same = await content.send(`GET ${place}`, { ...asAnn, 'if-none-match': etag })
    expect(same).toMatchObject({ status: 304, text: '' })
    await upload(content.send, `${place}/@tus-replace`, { content: 'another' })
    const other = await content.send(`GET ${place}`, { ...asAnn, 'if-none-match': etag })
    expect(other).toMatchObject({ status: 200, text: 'another' })
    const resumed = { ...asAnn, range: 'bytes=2-', 'if-range': etag }
    expect(await content.send(`GET ${place}`, resumed)).toMatchObject({
      status: 200,
      text: 'another',
    })
  })

  it('is described by HEAD without its bytes', async () => {
    const place = await put('a.txt', 'abcdefgh')
    const [head, get] = [
      await content.send(`HEAD ${place}`, asAnn),
      await content.send(`GET ${place}`, asAnn),
    ]
    expect(head).toEqual({ ...get, text: '' })
  })

  it('has its name in Content-Disposition, in any script', async () => {
    const place = await put('Übersicht „2024“.pdf', 'x', 'application/pdf')
    const { headers } = await content.send(`GET ${place}`, asAnn)
    expect(headers['content-disposition']).toContain(
      "filename*=UTF-8''%C3%9Cbersicht%20%E2%80%9E2024%E2%80%9C.pdf",
    )
    expect(headers['content-disposition']).toMatch(/^[\x20-\x7e]+$/)
  })

  it.each(['text/html', 'image/svg+xml', 'application/xhtml+xml', 'text/xml', 'TEXT/HTML; x=y'])(
    'of the active type %s never runs in this origin',
    async (type) => {
      const place = await put('a', '<script>alert(1)</script>', type)
      const { headers } = await content.send(`GET ${place}`, asAnn)
      expect(headers['content-disposition']).toMatch(/^attachment/)
      expect(headers['x-content-type-options']).toBe('nosniff')
    },
  )

  it('has a description at @info', async () => {
    const place = await put('a b.txt', 'abcdefgh')
    const { status, headers, text } = await content.send(`GET ${place}/@info`, asAnn)
    expect({ status, type: headers['content-type'] }).toEqual({
      status: 200,
      type: 'application/json',
    })
    expect(JSON.parse(text)).toEqual({
      '@id': place,
      '@type': 'File',
      id: 'a-b.txt',
      title: 'a b.txt',
      is_folderish: false,
      rights: ['view', 'add', 'modify'],
      UID: expect.stringMatching(/^[\da-f-]{36}$/),
      created: expect.stringMatching(/Z$/),
      modified: expect.stringMatching(/Z$/),
      fields: [
        {
          name: 'file',
          primary: true,
          filename: 'a b.txt',
          size: 8,
          'content-type': 'text/plain',
          download: `${place}/@download/file`,
        },
      ],
    })
  })

  it('is never mixed with other bytes while it is replaced repeatedly', async () => {
    const place = await put('a.txt', 'a'.repeat(1000))
    let replacing = true
    const writer = (async () => {
      for (const letter of 'bcdefghijklmnop') {
        const text = letter.repeat(1000 + letter.charCodeAt(0))
        await upload(content.send, `${place}/@tus-replace`, { content: text })
      }
      replacing = false
    })()
    const seen = new Set<string>()
    while (replacing) {
      const { status, headers, text } = await content.send(`GET ${place}`, asAnn)
      expect(status).toBe(200)
      expect(text).toMatch(/^(.)\1*$/)
      expect(headers['content-length']).toBe(String(text.length))
      seen.add(text)
      await setTimeout(0)
    }
    await writer
    expect(seen.size).toBeGreaterThan(3)
  })

  it('closes its file when the client disconnects before reading', async () => {
    const place = await put('a.txt', 'abcdefgh')
    const gone = new AbortController()
    const request = {
      method: 'GET',
      path: place,
      prefix: '',
      context: null,
      remoteAddress: null,
      headers: { get: (name: string) => (name === 'authorization' ? (asAnn[name] ?? null) : null) },
      body: { [Symbol.asyncIterator]: () => [][Symbol.iterator]() as never },
      signal: gone.signal,
    }
    const { body } = await content.server.handle(request)
    gone.abort()
    await setTimeout(20)
    const reading = (async () => {
      for await (const _ of body as AsyncIterable<Uint8Array>);
    })()
    await expect(reading).rejects.toThrow()
  })
})

describe('the right to view', () => {
  it.each([
    '',
    '/folder',
    '/folder/a.txt',
    '/folder/a.txt/@info',
    '/folder/a.txt/@download/file',
    '/nothing',
  ])('is needed at "%s"', async (path) => {
    await put('a.txt', 'abcdefgh')
    for (const method of ['GET', 'HEAD']) {
      const unknown = await content.send(`${method} /content${path}`)
      expect(unknown.status).toBe(401)
      expect(unknown.headers['www-authenticate']).toMatch(/^Basic /)
      expect((await content.send(`${method} /content${path}`, asEve)).status).toBe(403)
      const found = path === '/nothing' ? 404 : 200
      expect((await content.send(`${method} /content${path}`, asCarl)).status).toBe(found)
    }
  })

  it('may be given to clients without sign-in', async () => {
    const server = content.restarted({
      access: basicAccess({ users: {}, rights: { '/': { anonymous: ['view'] } } }),
    })
    const send = sendTo(server)
    expect((await send('GET /content/folder')).status).toBe(200)
    expect((await send('DELETE /content/folder')).status).toBe(401)
    expect((await send(`POST ${FOLDER}`, { ...TUS, 'upload-length': '1' })).status).toBe(401)
    await server.close()
  })
})

describe('an upload without sign-in', () => {
  it('has no owner, and gives no access to an upload that has one', async () => {
    const all = ['view', 'add', 'modify'] as const
    const server = content.restarted({
      access: basicAccess({ users: { ann: 'secret' }, rights: { '/': { anonymous: all } } }),
    })
    const send = sendTo(server)
    const anonymous = await upload(send, FOLDER, { content: 'x', as: {} })
    expect(anonymous).toMatchObject({ status: 204, headers: { location: '/content/folder/file' } })
    const created = await send(`POST ${FOLDER}`, { ...asAnn, ...TUS, 'upload-length': '1' })
    const place = created.headers['location']
    const taken = await send(`PATCH ${place}`, { ...BYTES, 'upload-offset': '0' }, 'x')
    expect(taken.status).toBe(401)
    expect(taken.headers['www-authenticate']).toMatch(/^Basic /)
    await server.close()
  })
})

describe('a folder', () => {
  it('is added with the requested id', async () => {
    const answer = await content.send(
      'POST /content/folder',
      JSON_BODY,
      '{"@type":"Folder","id":"2024"}',
    )
    expect(answer).toMatchObject({ status: 201, headers: { location: '/content/folder/2024' } })
    expect(JSON.parse(answer.text)).toMatchObject({
      '@id': '/content/folder/2024',
      '@type': 'Folder',
      id: '2024',
      is_folderish: true,
    })
    const again = await content.send(
      'POST /content/folder',
      JSON_BODY,
      '{"@type":"Folder","id":"2024"}',
    )
    expect(again.status).toBe(409)
    expect(JSON.parse(again.text)).toMatchObject({ error: { code: 'id_taken' } })
  })

  it('gets an id made of its title, and a number when that id is taken', async () => {
    const body = '{"@type":"Folder","title":"My Größe / 2024"}'
    const first = await content.send('POST /content/', JSON_BODY, body)
    expect(first).toMatchObject({ status: 201, headers: { location: '/content/2024' } })
    const second = await content.send(
      'POST /content',
      JSON_BODY,
      '{"@type":"Folder","title":"2024"}',
    )
    expect(second).toMatchObject({ status: 201, headers: { location: '/content/2024-2' } })
    expect(JSON.parse(second.text)).toMatchObject({ title: '2024 (2)' })
    expect(JSON.parse(first.text)).toMatchObject({ title: 'My Größe / 2024' })
  })

  it.each([
    ['{"@type":"File"}', 400],
    ['{"@type":"__proto__"}', 400],
    ['{"id":"x"}', 400],
    ['{"@type":"Folder","id":"../x"}', 400],
    ['{"@type":"Folder","id":"@tus-upload"}', 400],
    ['{"@type":"Folder","id":"con"}', 400],
    ['{"@type":"Folder","id":7}', 400],
    ['{"@type":"Folder","title":["x"]}', 400],
    ['[]', 400],
    ['null', 400],
    ['{', 400],
    ['', 400],
    [`{"@type":"Folder","title":"${'x'.repeat(70_000)}"}`, 413],
  ])('cannot be created from %s', async (body, status) => {
    expect((await content.send('POST /content/folder', JSON_BODY, body)).status).toBe(status)
    expect(JSON.parse((await content.send('GET /content/folder', asAnn)).text).items).toEqual([])
  })

  it('is created from JSON, in a container, by a user with the right to add', async () => {
    const body = '{"@type":"Folder","id":"x"}'
    const form = { ...asAnn, 'content-type': 'application/x-www-form-urlencoded' }
    expect((await content.send('POST /content/folder', form, body)).status).toBe(415)
    const place = await put('a.txt', 'x')
    expect((await content.send(`POST ${place}`, JSON_BODY, body)).status).toBe(404)
    expect((await content.send('POST /content/nothing', JSON_BODY, body)).status).toBe(404)
    const json = { 'content-type': 'application/json' }
    expect((await content.send('POST /content/folder', json, body)).status).toBe(401)
    expect((await content.send('POST /content/folder', { ...json, ...asCarl }, body)).status).toBe(
      403,
    )
  })

  it('lists the objects that the user may view', async () => {
    await put('b.txt', 'bb')
    await put('a.txt', 'a')
    const { text } = await content.send('GET /content/folder', asAnn)
    expect(JSON.parse(text)).toMatchObject({
      '@id': '/content/folder',
      items: [{ '@id': '/content/folder/a.txt' }, { '@id': '/content/folder/b.txt' }],
    })
    const root = JSON.parse((await content.send('GET /content', asAnn)).text)
    expect(root.items.map(({ id }: { id: string }) => id)).toEqual(['closed', 'folder'])
    const bobs = JSON.parse((await content.send('GET /content', asBob)).text)
    expect(bobs.items.map(({ id }: { id: string }) => id)).toEqual(['folder'])
  })

  it('lists a part of the objects, with links to the others', async () => {
    for (const id of ['a', 'b', 'c', 'd', 'e']) await put(`${id}.txt`, id)
    const part = async (query: string): Promise<unknown> =>
      JSON.parse((await content.send(`GET /content/folder?${query}`, asAnn)).text)
    const at = (start: number): string => `/content/folder?b_start=${start}&b_size=2`
    expect(await part('b_start=2&b_size=2')).toMatchObject({
      items_total: 5,
      items: [{ id: 'c.txt' }, { id: 'd.txt' }],
      batching: { '@id': at(2), first: at(0), prev: at(0), next: at(4), last: at(4) },
    })
    expect(await part('b_start=4&b_size=2')).toMatchObject({
      items: [{ id: 'e.txt' }],
      batching: expect.not.objectContaining({ next: expect.anything() }),
    })
    expect(await part('')).toEqual(expect.not.objectContaining({ batching: expect.anything() }))
    const page = await content.send('GET /content/folder?b_size=2', {
      ...asAnn,
      accept: 'text/html',
    })
    expect(page.text).toContain('<a rel="next" href="/content/folder?b_start=2&amp;b_size=2">')
  })

  it('counts only objects that the user may view', async () => {
    const seenBy = async (as: Fields): Promise<unknown> =>
      JSON.parse((await content.send('GET /content', as)).text)
    expect(await seenBy(asAnn)).toMatchObject({ items_total: 2 })
    expect(await seenBy(asBob)).toMatchObject({ items_total: 1 })
  })

  it('reads the objects that it lists, and no others', async () => {
    for (const id of ['a', 'b', 'c', 'd']) await put(`${id}.txt`, id)
    const found: string[] = []
    const counting = content.restarted({
      tree: Object.assign(Object.create(content.tree) as ContentTree, {
        find(path: string) {
          found.push(path)
          return content.tree.find(path)
        },
      }),
    })
    await sendTo(counting)('GET /content/folder?b_start=1&b_size=2', asAnn)
    await counting.close()
    expect(found).toEqual(['/folder', '/folder/b.txt', '/folder/c.txt'])
  })

  it('lists 100 objects by default, and 500 at most', async () => {
    const ids = Array.from({ length: 600 }, (_, index) => `${index}`)
    const listed = content.restarted({
      tree: Object.assign(Object.create(content.tree) as ContentTree, {
        childIds: () => Promise.resolve(ids),
        find: (path: string) => content.tree.find(path.split('/').length > 2 ? '/folder' : path),
      }),
    })
    const part = async (query: string): Promise<{ items: unknown[] }> =>
      JSON.parse((await sendTo(listed)(`GET /content/folder${query}`, asAnn)).text)
    expect((await part('')).items).toHaveLength(100)
    expect((await part('?b_size=10000')).items).toHaveLength(500)
    await listed.close()
  })

  it.each(['b_size=0', 'b_size=x', 'b_size=-1', 'b_start=1.5', 'b_start='])(
    'refuses the part %s of a listing',
    async (query) => {
      expect((await content.send(`GET /content/folder?${query}`, asAnn)).status).toBe(400)
    },
  )

  it('lists each object with the rights of the user', async () => {
    await put('a.txt', 'a')
    const seenBy = async (as: Fields): Promise<unknown> =>
      JSON.parse((await content.send('GET /content/folder', as)).text)
    const all = ['view', 'add', 'modify']
    expect(await seenBy(asAnn)).toMatchObject({ rights: all, items: [{ rights: all }] })
    expect(await seenBy(asCarl)).toMatchObject({ rights: ['view'], items: [{ rights: ['view'] }] })
  })

  it('is a page without scripts for a browser', async () => {
    await put('<img onerror=x> & "b".txt', 'b')
    const browser = { ...asAnn, accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
    const { status, headers, text } = await content.send('GET /content/folder', browser)
    expect(status).toBe(200)
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      vary: 'Accept, Authorization',
    })
    expect(text).toContain('<h1>folder</h1>')
    expect(text).toContain('&lt;img onerror=x&gt; &amp; &quot;b&quot;.txt</a>')
    expect(text).not.toContain('<img')
  })

  it('is removed with everything below it, by a user with the right to modify', async () => {
    await put('a.txt', 'x')
    expect((await content.send('DELETE /content/folder')).status).toBe(401)
    expect((await content.send('DELETE /content/folder', asCarl)).status).toBe(403)
    expect((await content.send('DELETE /content/folder', asAnn)).status).toBe(204)
    expect((await content.send('DELETE /content/folder', asAnn)).status).toBe(404)
    expect((await content.send('GET /content/folder/a.txt', asAnn)).status).toBe(404)
    expect((await content.send('DELETE /content', asAnn)).status).toBe(403)
  })

  it('lists its methods in Allow', async () => {
    const options = await content.send('OPTIONS /content/folder')
    expect(options).toMatchObject({
      status: 204,
      headers: { allow: expect.stringContaining('POST') },
    })
    const put = await content.send('PUT /content/folder', asAnn)
    expect(put).toMatchObject({ status: 405, headers: { allow: expect.stringContaining('GET') } })
  })
})

describe('URLs of a content server', () => {
  it('keep the prefix that a router cut off', async () => {
    const send = sendTo(content.server, { prefix: '/api' })
    const created = await send(`POST ${FOLDER}`, { ...asAnn, ...TUS, 'upload-length': '1' })
    expect(created.headers['location']).toMatch(/^\/api\/content\/folder\/@tus-upload\//)
    const place = created.headers['location']?.slice('/api'.length)
    const last = await send(`PATCH ${place}`, { ...asAnn, ...BYTES, 'upload-offset': '0' }, 'x')
    expect(last.headers['location']).toBe('/api/content/folder/file')
    const { text } = await send('GET /content/folder', asAnn)
    expect(JSON.parse(text)).toMatchObject({
      '@id': '/api/content/folder',
      items: [{ '@id': '/api/content/folder/file' }],
    })
  })

  it('keep a virtual prefix', async () => {
    const server = content.restarted({ virtualPrefixes: ['/++api++'] })
    const send = sendTo(server)
    for (const base of ['/++api++/content', '/content/++api++']) {
      const metadata = metadataOf({ filename: 'a.txt' })
      const answer = await upload(send, `${base}/folder/@tus-upload`, { metadata, content: 'x' })
      expect(answer.headers['location']).toMatch(`${base}/folder/a`)
      expect((await send(`GET ${answer.headers['location']}`, asAnn)).text).toBe('x')
    }
    await server.close()
  })

  it('contain no host from a request', async () => {
    const evil = {
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
      forwarded: 'host=evil.example',
    }
    const fields = { ...asAnn, ...TUS, ...evil, 'upload-length': '1' }
    const created = await content.send(`POST ${FOLDER}`, fields)
    expect(created.headers['location']).toMatch(/^\/content\//)
  })

  it('are absolute with publicUrl', async () => {
    const server = content.restarted({ publicUrl: 'https://cms.example' })
    const { text } = await sendTo(server)('GET /content/folder', asAnn)
    expect(JSON.parse(text)['@id']).toBe('https://cms.example/content/folder')
    await server.close()
  })

  it('that cannot belong to content get 404', async () => {
    for (const path of [
      '/..',
      '/%2e%2e',
      '/a%2Fb',
      '/%00',
      '/%ff',
      '//',
      '/.x',
      '/con',
      '/@x',
      '/folder/@x',
    ]) {
      const { status, text } = await content.send(`GET /content${path}`, {
        ...asAnn,
        accept: '*/*',
      })
      expect({ path, status }).toEqual({ path, status: 404 })
      expect(JSON.parse(text)).toMatchObject({ error: { code: 'not_found', type: 'NotFound' } })
    }
  })

  it('outside its path do not match', () => {
    expect(content.server.matches('/content/x')).toBe(true)
    expect(content.server.matches('/elsewhere')).toBe(false)
  })
})

describe('browsers of other origins', () => {
  const preflight = {
    origin: 'https://app.example',
    'access-control-request-method': 'PATCH',
    'access-control-request-headers': 'authorization,tus-resumable,upload-offset,content-type',
  }

  it('get no CORS headers by default', async () => {
    const { headers } = await content.send(`OPTIONS ${FOLDER}`, preflight)
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  it('get CORS headers without credentials, and on every path', async () => {
    const server = content.restarted({
      cors: { origins: ['https://app.example'], credentials: true },
    })
    const send = sendTo(server)
    for (const path of [FOLDER, `${FOLDER}/u1`, '/content/folder', '/content/nothing']) {
      const { status, headers } = await send(`OPTIONS ${path}`, preflight)
      expect(status).toBe(204)
      expect(headers['access-control-allow-origin']).toBe('https://app.example')
      expect(headers['access-control-allow-methods']).toContain('PATCH')
      expect(headers['access-control-allow-headers']?.toLowerCase()).toContain('authorization')
    }
    const { headers } = await send(`OPTIONS ${FOLDER}`, preflight)
    expect(headers['tus-version']).toBe('1.0.0')
    const { origin } = preflight
    const refused = await send(`POST ${FOLDER}`, { ...TUS, origin })
    expect(refused.status).toBe(401)
    expect(refused.headers['access-control-allow-origin']).toBe(origin)
    expect(refused.headers['access-control-expose-headers']).toContain('Location')
    await server.close()
  })
})

it('a content server reports an unexpected error as an event, and hides its details from the client', async () => {
  const failures: unknown[] = []
  const error = new Error('/secret/place: input/output error')
  const server = content.restarted({
    tree: { ...content.tree, find: () => Promise.reject(error) },
    onEvent: (event) => event.type === 'failed' && failures.push(event.error),
  })
  const answer = await sendTo(server)('GET /content/folder', {
    ...asAnn,
    accept: 'application/json',
  })
  expect(answer.status).toBe(500)
  expect(answer.text).not.toContain('secret')
  expect(failures).toEqual([error])
  const created = await sendTo(server)(`POST ${FOLDER}`, { ...asAnn, ...TUS, 'upload-length': '1' })
  expect(created.status).toBe(500)
  await server.close()
})
