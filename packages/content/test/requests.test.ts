import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TestContent } from './support/test-content.ts'
import {
  asAnn,
  BYTES,
  metadataOf,
  sendTo,
  testContent,
  TUS,
  upload,
} from './support/test-content.ts'

const FOLDER = '/content/folder/@tus-upload'

let content: TestContent
beforeEach(async () => {
  content = await testContent()
})
afterEach(() => content.end())

async function create(metadata = ''): Promise<string> {
  const fields = { ...asAnn, ...TUS, 'upload-length': '3', 'upload-metadata': metadata }
  return (await content.send(`POST ${FOLDER}`, fields)).headers['location'] ?? ''
}

describe('a request with X-HTTP-Method-Override', () => {
  it.each(['HEAD', 'PATCH', 'DELETE'])(
    'is asked to sign in for %s, whether the upload exists or not',
    async (method) => {
      const fields = { ...BYTES, 'upload-offset': '0', 'x-http-method-override': method }
      const responses = [
        await content.send(`OPTIONS ${await create()}`, fields),
        await content.send(`OPTIONS ${FOLDER}/0123456789abcdef`, fields),
      ]
      expect(responses.map(({ status }) => status)).toEqual([401, 401])
    },
  )

  it('does what the other method does for a client that is signed in', async () => {
    const place = await create()
    const fields = { ...asAnn, ...BYTES, 'upload-offset': '0', 'x-http-method-override': 'PATCH' }
    expect((await content.send(`POST ${place}`, fields, 'abc')).status).toBe(204)
  })

  it('cancels the upload of another user as DELETE does', async () => {
    const place = await create()
    const managed = content.restarted({
      access: { ...content.options.access, may: () => true, identify: () => ({ name: 'eve' }) },
    })
    const fields = { ...TUS, 'x-http-method-override': 'DELETE' }
    expect((await sendTo(managed)(`POST ${place}`, fields)).status).toBe(204)
    await managed.close()
  })
})

describe('GET of content', () => {
  it('leaves no listener on the signal of a connection', async () => {
    const metadata = metadataOf({ filename: 'a.txt' })
    const response = await upload(content.send, FOLDER, { metadata, content: 'abcdefgh' })
    const { signal } = new AbortController()
    let listeners = 0
    const counted: AbortSignal = Object.assign(signal, {
      addEventListener: () => (listeners += 1),
      removeEventListener: () => (listeners -= 1),
    })
    const send = sendTo(content.server, { signal: counted })
    for (let round = 0; round < 20; round += 1) {
      await send(`GET ${response.headers['location']}`, asAnn)
    }
    expect(listeners).toBeLessThanOrEqual(0)
  })

  it.each([
    ['C:\\fakepath\\photo.jpg', 'photo.jpg'],
    ['photos/2024/photo.jpg', 'photo.jpg'],
    ['\u202ephoto\u200b.jpg', 'photo.jpg'],
  ])(
    'names the file that was uploaded as "%s" like the other endpoints do',
    async (name, expected) => {
      const metadata = metadataOf({ name })
      const { headers } = await upload(content.send, FOLDER, { metadata, content: 'x' })
      const response = await content.send(`GET ${headers['location']}`, asAnn)
      expect(response.headers['content-disposition']).toContain(`filename="${expected}"`)
    },
  )
})

describe('a second file of the same name', () => {
  const named = (more: Record<string, string> = {}): string =>
    metadataOf({ filename: 'notes.txt', ...more })

  it('gets a number in its title and its id', async () => {
    await upload(content.send, FOLDER, { metadata: named(), content: 'one' })
    const second = await upload(content.send, FOLDER, { metadata: named(), content: 'two' })
    expect(second.headers['location']).toBe('/content/folder/notes-2.txt')
    const info = await content.send('GET /content/folder/notes-2.txt/@info', asAnn)
    expect(JSON.parse(info.text)).toMatchObject({ title: 'notes (2).txt' })
  })

  it('is refused at its creation when the client asks for that', async () => {
    await upload(content.send, FOLDER, { metadata: named(), content: 'one' })
    const metadata = named({ conflict: 'refuse' })
    const second = await upload(content.send, FOLDER, { metadata, content: 'two' })
    expect(second).toMatchObject({ status: 409, text: expect.stringContaining('id_taken') })
  })

  it('is rejected at its end when the name was taken meanwhile and the client asks for that', async () => {
    const place = await create(named({ conflict: 'refuse' }))
    await upload(content.send, FOLDER, { metadata: named(), content: 'one' })
    const last = await content.send(
      `PATCH ${place}`,
      { ...asAnn, ...BYTES, 'upload-offset': '0' },
      'two',
    )
    expect(last.status).toBe(422)
    expect((await content.send('GET /content/folder/notes.txt', asAnn)).text).toBe('one')
  })

  it('is refused when the client asks for an unknown rule', async () => {
    const metadata = named({ conflict: 'overwrite' })
    const response = await upload(content.send, FOLDER, { metadata, content: 'x' })
    expect(response).toMatchObject({ status: 400, text: expect.stringContaining('conflict') })
  })
})

describe('a new folder', () => {
  const fields = { ...asAnn, 'content-type': 'application/json' }

  it.each(['.', '..', ' .. ', '\u3164', '\u200b'])('cannot have the title "%s"', async (title) => {
    const body = JSON.stringify({ '@type': 'Folder', title })
    expect((await content.send('POST /content', fields, body)).status).toBe(400)
  })

  it.each(['team\u200b', '\u202e', '\ufeff', 'te\u00adam', '\u3164'])(
    'cannot have the id "%s", which people cannot see in full',
    async (id) => {
      const body = JSON.stringify({ '@type': 'Folder', id })
      expect((await content.send('POST /content', fields, body)).status).toBe(400)
    },
  )
})
