import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { FRAMEWORKS } from '../src/frameworks/load-framework.ts'
import { addFolder, clear } from './support/content.ts'
import type { Demo } from './support/demo-process.ts'
import { SIGNED_IN, startDemo } from './support/demo-process.ts'

// The exchanges recorded in the TUS chapter of plone.restapi's manual, with their very values.
const COMMON = { ...SIGNED_IN, accept: 'application/json', 'tus-resumable': '1.0.0' }
const CREATE = {
  ...COMMON,
  'upload-length': '8',
  'upload-metadata': 'filename dGVzdC50eHQ=,content-type dGV4dC9wbGFpbg==',
}

describe.each(FRAMEWORKS)('a client of the recorded exchanges, served by %s,', (framework) => {
  let demo: Demo

  beforeAll(async () => {
    demo = await startDemo({ FRAMEWORK: framework })
  })
  beforeEach(async () => {
    await clear(demo)
    await addFolder(demo, '', 'folder')
  })
  afterAll(() => demo?.dispose())

  async function create(path: string): Promise<string> {
    const response = await fetch(`${demo.url}${path}`, { method: 'POST', headers: CREATE })
    expect(response.status).toBe(201)
    expect(response.headers.get('tus-resumable')).toBe('1.0.0')
    expect(response.headers.get('upload-expires')).toMatch(/ GMT$/)
    return response.headers.get('location') ?? ''
  }

  function patch(upload: string, offset: number, body: string): Promise<Response> {
    return fetch(`${demo.url}${upload}`, {
      method: 'PATCH',
      headers: {
        ...COMMON,
        'content-type': 'application/offset+octet-stream',
        'upload-offset': String(offset),
      },
      body,
    })
  }

  const text = async (path: string | null): Promise<string> =>
    (await fetch(`${demo.url}${path}`, { headers: SIGNED_IN })).text()

  it('creates content in one request', async () => {
    const upload = await create('/content/folder/@tus-upload')
    expect(upload).toMatch(/^\/content\/folder\/@tus-upload\/[0-9a-f]{32}$/)

    const response = await patch(upload, 0, 'abcdefgh')
    expect(response.status).toBe(204)
    expect(response.headers.get('upload-offset')).toBe('8')
    expect(response.headers.get('location')).toBe('/content/folder/test.txt')
    expect(await text('/content/folder/test.txt')).toBe('abcdefgh')
  })

  it('creates content in two requests, with a HEAD between them', async () => {
    await patch(await create('/content/folder/@tus-upload'), 0, 'abcdefgh')
    const upload = await create('/content/folder/@tus-upload')
    const first = await patch(upload, 0, 'abc')
    expect(first.status).toBe(204)
    expect(first.headers.get('upload-offset')).toBe('3')
    expect(first.headers.get('upload-expires')).toMatch(/ GMT$/)
    expect(first.headers.get('location')).toBeNull()

    const look = await fetch(`${demo.url}${upload}`, { method: 'HEAD', headers: COMMON })
    expect(look.status).toBe(200)
    expect(look.headers.get('upload-offset')).toBe('3')
    expect(look.headers.get('upload-length')).toBe('8')
    expect(look.headers.get('cache-control')).toBe('no-store')

    const last = await patch(upload, 3, 'defgh')
    expect(last.status).toBe(204)
    expect(last.headers.get('upload-offset')).toBe('8')
    // The first file has this name, and is not changed.
    expect(last.headers.get('location')).toBe('/content/folder/test-2.txt')
    expect(await text('/content/folder/test-2.txt')).toBe('abcdefgh')
  })

  it('replaces a file', async () => {
    await patch(await create('/content/folder/@tus-upload'), 0, 'abcdefgh')
    const upload = await create('/content/folder/test.txt/@tus-replace')
    expect(upload).toMatch(/^\/content\/folder\/test\.txt\/@tus-upload\/[0-9a-f]{32}$/)

    const response = await patch(upload, 0, 'ABCDEFGH')
    expect(response.status).toBe(204)
    expect(response.headers.get('location')).toBe('/content/folder/test.txt')
    expect(await text('/content/folder/test.txt')).toBe('ABCDEFGH')
  })

  it('learns the supported extensions from OPTIONS', async () => {
    const response = await fetch(`${demo.url}/content/folder/@tus-upload`, {
      method: 'OPTIONS',
      headers: SIGNED_IN,
    })
    expect(response.status).toBe(204)
    expect(response.headers.get('tus-version')).toBe('1.0.0')
    expect(response.headers.get('tus-resumable')).toBe('1.0.0')
    const extensions = response.headers.get('tus-extension')?.split(',')
    expect(extensions).toEqual(expect.arrayContaining(['creation', 'expiration', 'termination']))
  })
})
