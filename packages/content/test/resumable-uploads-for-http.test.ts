import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Answer, Fields, TestContent } from './support/test-content.ts'
import { asAnn, asBob, asCarl, metadataOf, testContent, upload } from './support/test-content.ts'

let content: TestContent

beforeEach(async () => {
  content = await testContent()
})
afterEach(() => content.end())

const FOLDER = '/content/folder/@tus-upload'
const UNFINISHED: Fields = { 'upload-complete': '?0' }
const LAST: Fields = { 'upload-complete': '?1' }
const PLAN: Fields = {
  'content-type': 'text/plain',
  'content-disposition': 'attachment; filename="plan.txt"',
}

/** Creates an upload that is not complete and returns its URL. */
async function begin(place = FOLDER, body = 'hello', fields: Fields = PLAN): Promise<string> {
  const answer = await content.send(`POST ${place}`, { ...asAnn, ...fields, ...UNFINISHED }, body)
  expect(answer).toMatchObject({ status: 201, headers: { 'upload-complete': '?0' } })
  return answer.headers['location'] ?? ''
}

function append(place: string, offset: number, body: string, fields: Fields): Promise<Answer> {
  const type = { 'content-type': 'application/partial-upload' }
  const all = { ...asAnn, ...type, 'upload-offset': String(offset), ...fields }
  return content.send(`PATCH ${place}`, all, body)
}

function expectProblem(answer: Answer, status: number, code: string): void {
  expect(answer).toMatchObject({
    status,
    headers: { 'content-type': 'application/problem+json' },
  })
  expect(answer.headers).not.toHaveProperty('tus-resumable')
  expect(JSON.parse(answer.text)).toMatchObject({ type: 'about:blank', status, code })
}

describe('an upload by Resumable Uploads for HTTP', () => {
  it('becomes content in one request, with the name and media type of its fields', async () => {
    const answer = await content.send(`POST ${FOLDER}`, { ...asAnn, ...PLAN, ...LAST }, 'hello')
    expect(answer).toMatchObject({
      status: 201,
      headers: { location: '/content/folder/plan.txt', 'upload-complete': '?1' },
    })
    const file = await content.send('GET /content/folder/plan.txt', asAnn)
    expect(file).toMatchObject({ status: 200, text: 'hello' })
    expect(file.headers['content-type']).toMatch(/^text\/plain/)
  })

  it('resumes after HEAD, and its last append returns the URL of the content each time', async () => {
    const place = await begin()
    expect(place).toMatch(/^\/content\/folder\/@tus-upload\/[\w-]+$/)
    expect(await content.send(`HEAD ${place}`, asAnn)).toMatchObject({
      status: 204,
      headers: { 'upload-offset': '5', 'upload-complete': '?0', 'cache-control': 'no-store' },
    })
    expect(await append(place, 5, ' wor', UNFINISHED)).toMatchObject({ status: 204 })
    const last = { status: 201, headers: { location: '/content/folder/plan.txt' } }
    expect(await append(place, 9, 'ld', LAST)).toMatchObject(last)
    const lost = { ...LAST, 'content-length': '0' }
    expect(await append(place, 11, '', lost)).toMatchObject(last)
    expect(await content.send(`HEAD ${place}`, asAnn)).toMatchObject({
      headers: { 'upload-complete': '?1', 'content-location': '/content/folder/plan.txt' },
    })
    const file = await content.send('GET /content/folder/plan.txt', asAnn)
    expect(file.text).toBe('hello world')
    expect(await content.send('GET /content/folder/plan-2.txt', asAnn)).toMatchObject({
      status: 404,
    })
  })

  it('replaces the bytes of a file by @tus-replace', async () => {
    await upload(content.send, FOLDER, {
      metadata: metadataOf({ filename: 'plan.txt' }),
      content: 'old',
    })
    const replace = '/content/folder/plan.txt/@tus-replace'
    const whole = await content.send(`POST ${replace}`, { ...asAnn, ...PLAN, ...LAST }, 'new')
    expect(whole.headers['location']).toBe('/content/folder/plan.txt')
    expect((await content.send('GET /content/folder/plan.txt', asAnn)).text).toBe('new')

    const place = await begin(replace, 'new')
    expect((await append(place, 3, 'er', LAST)).headers['location']).toBe(
      '/content/folder/plan.txt',
    )
    expect((await content.send('GET /content/folder/plan.txt', asAnn)).text).toBe('newer')
  })

  it.each(['POST', 'PUT'])('adds to a folder, and replaces a file, by %s', async (method) => {
    const fields = { ...asAnn, ...PLAN, ...LAST }
    const made = await content.send(`${method} ${FOLDER}`, fields, 'old')
    expect(made).toMatchObject({ status: 201, headers: { 'upload-complete': '?1' } })
    const file = made.headers['location'] ?? ''
    expect(file).toBe('/content/folder/plan.txt')
    const replaced = await content.send(`${method} ${file}/@tus-replace`, fields, 'new')
    expect(replaced).toMatchObject({ headers: { 'upload-complete': '?1', location: file } })
    expect((await content.send(`GET ${file}`, asAnn)).text).toBe('new')
  })

  it('takes the keys of Upload-Metadata, among them what to do about a taken name', async () => {
    const metadata = metadataOf({ filename: 'a.png', '@type': 'File', conflict: 'refuse' })
    const fields = { ...asAnn, ...LAST, 'upload-metadata': metadata }
    const first = await content.send(`POST ${FOLDER}`, fields, 'x')
    expect(first.headers['location']).toBe('/content/folder/a.png')
    expectProblem(await content.send(`POST ${FOLDER}`, fields, 'y'), 409, 'id_taken')
  })

  it('can be finished by a tus client', async () => {
    const place = await begin(FOLDER, 'hello', { ...PLAN, 'upload-length': '7' })
    const tus = { 'tus-resumable': '1.0.0', 'content-type': 'application/offset+octet-stream' }
    const fields = { ...asAnn, ...tus, 'upload-offset': '5' }
    expect(await content.send(`PATCH ${place}`, fields, '!!')).toMatchObject({
      status: 204,
      headers: { location: '/content/folder/plan.txt' },
    })
  })

  it('is cancelled by DELETE', async () => {
    const place = await begin()
    expect((await content.send(`DELETE ${place}`, asAnn)).status).toBe(204)
    expectProblem(await append(place, 5, 'x', LAST), 404, 'not_found')
  })
})

describe('an error response to Resumable Uploads for HTTP', () => {
  it('is a problem with 401 for a client that is not signed in', async () => {
    const place = await begin()
    const answers = [
      await content.send(`POST ${FOLDER}`, { ...PLAN, ...LAST }, 'x'),
      await content.send(`PATCH ${place}`, { 'upload-offset': '5', ...LAST }, 'x'),
      await content.send(`DELETE ${place}`),
      await content.send(`POST ${place}`, { 'x-http-method-override': 'DELETE' }),
    ]
    for (const answer of answers) {
      expectProblem(answer, 401, 'unauthenticated')
      expect(answer.headers['www-authenticate']).toMatch(/^Basic /)
    }
    const head = await content.send(`HEAD ${place}`)
    expect(head).toMatchObject({ status: 401, text: '' })
    expect(head.headers).not.toHaveProperty('tus-resumable')
  })

  it('is a problem with 403 for a client without the right, or with an upload of another', async () => {
    const creation = await content.send(`POST ${FOLDER}`, { ...asCarl, ...PLAN, ...LAST }, 'x')
    expectProblem(creation, 403, 'forbidden')
    const place = await begin()
    expectProblem(await append(place, 5, 'x', { ...LAST, ...asBob }), 403, 'forbidden')
  })

  it('is a problem with 404 for a path without content, and for a path that none can have', async () => {
    for (const path of ['/content/none/@tus-upload', '/content/@tus-upload/a/b', '/content/..']) {
      const answer = await content.send(`POST ${path}`, { ...asAnn, ...PLAN, ...LAST }, 'x')
      expectProblem(answer, 404, 'not_found')
    }
  })

  it('is a problem with 409 and the offset that the server has', async () => {
    const place = await begin()
    const answer = await append(place, 3, 'x', UNFINISHED)
    expect(answer).toMatchObject({ status: 409, headers: { 'upload-offset': '5' } })
    expect(JSON.parse(answer.text)).toMatchObject({
      type: 'https://iana.org/assignments/http-problem-types#mismatching-upload-offset',
      'expected-offset': 5,
      'provided-offset': 3,
    })
  })

  it('has no details of an unexpected error, and asks the client to retry', async () => {
    const place = await begin()
    const identify = (): never => {
      throw new Error('EIO: /var/secret')
    }
    await content.end()
    content = await testContent({
      access: { challenge: 'Basic', identify, may: () => Promise.resolve(true) },
    })
    const answer = await append(place, 5, 'x', LAST)
    expectProblem(answer, 500, 'internal')
    expect(answer.text).not.toMatch(/EIO|secret/)
    expect((await content.send(`HEAD ${place}`, asAnn)).status).toBe(503)
  })

  it('stays in the form of tus, and of the content endpoints, for their clients', async () => {
    const tus = await content.send(`POST ${FOLDER}`, { 'tus-resumable': '1.0.0' })
    expect(tus).toMatchObject({ status: 401, headers: { 'tus-resumable': '1.0.0' } })
    expect(JSON.parse(tus.text)).toMatchObject({ error: { code: 'unauthenticated' } })
    const plain = await content.send('GET /content/folder/%2e%2e', asAnn)
    expect(plain.status).toBe(404)
    expect(plain.headers).not.toHaveProperty('tus-resumable')
    expect(JSON.parse(plain.text)).toMatchObject({ error: { code: 'not_found' } })
  })
})
