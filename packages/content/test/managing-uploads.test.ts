import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ContentUpload } from '../src/index.ts'
import { basicAccess } from '../src/index.ts'
import type { Fields, TestContent } from './support/test-content.ts'
import {
  asAnn,
  asBob,
  asCarl,
  BYTES,
  metadataOf,
  testContent,
  TUS,
  upload,
} from './support/test-content.ts'

const all = ['view', 'add', 'modify'] as const

let content: TestContent

beforeEach(async () => {
  content = await testContent({
    access: basicAccess({
      users: { ann: 'secret', bob: 'secret', carl: 'secret' },
      rights: { '/': { ann: all, bob: all }, '/folder': { carl: ['manage'] } },
    }),
  })
})
afterEach(async () => {
  vi.useRealTimers()
  await content?.end()
})

async function begin(place: string, as: Fields = asAnn): Promise<string> {
  const fields = { ...as, ...TUS, 'upload-length': '8' }
  const metadata = metadataOf({ filename: 'plän.pdf', filetype: 'application/pdf' })
  const created = await content.send(`POST ${place}`, { ...fields, 'upload-metadata': metadata })
  expect(created.status).toBe(201)
  return created.headers['location'] ?? ''
}

async function known(skip?: (id: string) => boolean): Promise<readonly ContentUpload[]> {
  const found: ContentUpload[] = []
  for await (const each of content.server.uploads(skip)) found.push(each)
  return found
}

describe('the list of uploads', () => {
  it('contains the context, owner and offset of each upload', async () => {
    const place = await begin('/content/folder/@tus-upload')
    await content.send(`PATCH ${place}`, { ...asAnn, ...BYTES, 'upload-offset': '0' }, 'hel')
    const [one, ...others] = await known()
    expect(others).toEqual([])
    expect(one).toEqual({
      location: place,
      mode: 'create',
      context: '/folder',
      owner: 'ann',
      fileName: 'plän.pdf',
      mediaType: 'application/pdf',
      offset: 3,
      length: 8,
      state: 'unfinished',
      content: null,
      id: place.split('/').at(-1),
      createdAt: expect.any(Date),
      updatedAt: expect.any(Date),
      expiresAt: new Date((one?.updatedAt.getTime() ?? 0) + 3_600_000),
    })
  })

  it('marks replacements, and contains the URL of completed content', async () => {
    await upload(content.send, '/content/folder/@tus-upload', { content: 'x' })
    await begin('/content/folder/file/@tus-replace')
    const found = await known()
    expect(found).toHaveLength(2)
    expect(found).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ mode: 'replace', context: '/folder/file', state: 'unfinished' }),
        expect.objectContaining({
          mode: 'create',
          context: '/folder',
          state: 'completed',
          expiresAt: null,
          content: '/content/folder/file',
        }),
      ]),
    )
  })

  it('has the expiry of a complete part, which waits to be joined', async () => {
    const fields = { ...asAnn, ...BYTES, 'upload-length': '8', 'upload-concat': 'partial' }
    const created = await content.send('POST /content/folder/@tus-upload', fields, 'abcdefgh')
    expect(created.status).toBe(201)
    const [part] = await known()
    expect(part).toMatchObject({ state: 'completed', offset: 8 })
    expect(part?.expiresAt).toEqual(new Date((part?.updatedAt.getTime() ?? 0) + 3_600_000))
  })

  it('leaves out expired uploads, and does not read skipped ones', async () => {
    const place = await begin('/content/folder/@tus-upload')
    expect(await known((id) => place.endsWith(id))).toEqual([])
    expect(await known(() => false)).toHaveLength(1)
    vi.useFakeTimers({ now: Date.now() + 3_600_001, toFake: ['Date'] })
    expect(await known()).toEqual([])
  })

  it('shows an upload to its owner, and to users who may manage its context', async () => {
    await begin('/content/folder/@tus-upload')
    await begin('/content/@tus-upload')
    const seenBy = async (name: string): Promise<readonly string[]> => {
      const seen: string[] = []
      for (const each of await known())
        if (await content.server.maySee({ name }, each)) seen.push(each.context)
      return seen.sort()
    }
    expect(await seenBy('ann')).toEqual(['/', '/folder'])
    expect(await seenBy('bob')).toEqual([])
    expect(await seenBy('carl')).toEqual(['/folder'])
    for (const each of await known()) expect(await content.server.maySee(null, each)).toBe(false)
  })
})

describe('cancelling the upload of another user', () => {
  const end = (place: string, as: Fields, more: Fields = TUS): Promise<{ status: number }> =>
    content.send(`DELETE ${place}`, { ...as, ...more })

  it('needs the right to manage its context', async () => {
    const place = await begin('/content/folder/@tus-upload')
    expect((await end(place, asBob)).status).toBe(403)
    expect((await end(place, asCarl, { 'tus-resumable': '0.2.2' })).status).toBe(412)
    expect(await end(place, asCarl)).toMatchObject({
      status: 204,
      headers: { 'tus-resumable': '1.0.0' },
    })
    expect((await content.send(`HEAD ${place}`, { ...asAnn, ...TUS })).status).toBe(404)
    expect((await end(place, asCarl)).status).not.toBe(204)
  })

  it('is not possible through another context', async () => {
    const place = await begin('/content/@tus-upload')
    const elsewhere = place.replace('/content/', '/content/folder/')
    expect((await end(elsewhere, asCarl)).status).toBe(404)
    expect((await end(place, asCarl)).status).toBe(403)
    expect((await end(place, asAnn)).status).toBe(204)
  })

  it('does not include the right to append', async () => {
    const place = await begin('/content/folder/@tus-upload')
    const fields = { ...asCarl, ...BYTES, 'upload-offset': '0' }
    expect((await content.send(`PATCH ${place}`, fields, 'hello')).status).toBe(403)
    expect((await content.send(`HEAD ${place}`, { ...asCarl, ...TUS })).status).toBe(403)
  })
})
