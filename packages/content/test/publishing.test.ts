import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { UploadEvent } from '@tusker/core'
import { UploadError } from '@tusker/core'
import { fileLocker, fsStore, fsUploads } from '@tusker/store-fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ContentHooks, ContentTree } from '../src/index.ts'
import { basicAccess, directoryTree } from '../src/index.ts'
import type { Answer, Fields, Send, TestContent } from './support/test-content.ts'
import {
  asAnn,
  BYTES,
  metadataOf,
  sendTo,
  testContent,
  TUS,
  upload,
} from './support/test-content.ts'

let content: TestContent
let events: UploadEvent[]

beforeEach(async () => {
  events = []
  content = await testContent({ onEvent: (event) => events.push(event) })
})
afterEach(() => content?.end())

const FOLDER = '/content/folder/@tus-upload'
const FULL: Fields = { ...asAnn, ...BYTES, 'upload-offset': '8' }

async function begin(send: Send, place = FOLDER): Promise<string> {
  const fields = {
    ...asAnn,
    ...TUS,
    'upload-length': '8',
    'upload-metadata': 'filename dGVzdC50eHQ=',
  }
  return (await send(`POST ${place}`, fields)).headers['location'] ?? ''
}

function finish(send: Send, place: string): Promise<Answer> {
  return send(`PATCH ${place}`, { ...asAnn, ...BYTES, 'upload-offset': '0' }, 'abcdefgh')
}

function look(send: Send, place: string): Promise<Answer> {
  return send(`HEAD ${place}`, { ...asAnn, ...TUS })
}

async function idsIn(path: string): Promise<string[]> {
  const ids: string[] = []
  for await (const { id } of content.tree.children(path)) ids.push(id)
  return ids
}

/** The bytes of all files below a directory. Two names of one file count once. */
async function sizeOf(directory: string): Promise<number> {
  const seen = new Map<number, number>()
  for (const entry of await readdir(directory, { recursive: true })) {
    const file = await stat(join(directory, entry)).catch(() => null)
    if (file?.isFile() === true) seen.set(file.ino, file.size)
  }
  return [...seen.values()].reduce((sum, size) => sum + size, 0)
}

it('content that is removed frees the space of its upload at once, and the upload keeps its answer', async () => {
  const size = 20 * 2 ** 20
  const directory = await mkdtemp(join(tmpdir(), 'tusker-freed-'))
  const tree = directoryTree({ directory: join(directory, 'content') })
  const uploads = fsUploads({ directory: join(directory, 'uploads') })
  const server = content.restarted({ tree, ...uploads })
  try {
    const send = sendTo(server)
    const answer = await upload(send, '/content/@tus-upload', {
      metadata: metadataOf({ filename: 'big.bin' }),
      content: 'x'.repeat(size),
    })
    expect(answer).toMatchObject({ status: 204, headers: { location: '/content/big.bin' } })
    expect(await sizeOf(directory)).toBeGreaterThanOrEqual(size)
    expect(await sizeOf(join(directory, 'uploads'))).toBeLessThan(10_000)
    expect(await send('DELETE /content/big.bin', asAnn)).toMatchObject({ status: 204 })
    await expect.poll(() => sizeOf(directory)).toBeLessThan(50_000)
  } finally {
    await server.close()
    await rm(directory, { recursive: true, force: true })
  }
})

describe('a client that lost the last answer', () => {
  it('gets the same response by repeating the last PATCH, and by HEAD', async () => {
    const place = await begin(content.send)
    const first = await finish(content.send, place)
    expect(first).toMatchObject({ status: 204, headers: { location: '/content/folder/test.txt' } })
    const again = await content.send(`PATCH ${place}`, FULL)
    expect(again).toMatchObject({ status: 204, headers: { location: '/content/folder/test.txt' } })
    expect(await look(content.send, place)).toMatchObject({
      status: 200,
      headers: { 'content-location': '/content/folder/test.txt', 'upload-offset': '8' },
    })
    expect(await idsIn('/folder')).toEqual(['test.txt'])
  })

  it('gets the same response from another process', async () => {
    const place = await begin(content.send)
    await finish(content.send, place)
    const restarted = content.restarted({})
    const answer = await sendTo(restarted)(`PATCH ${place}`, FULL)
    expect(answer.headers['location']).toBe('/content/folder/test.txt')
    await restarted.close()
  })
})

describe('a process that dies', () => {
  it.each(['before the content appears', 'after it has appeared'])(
    '%s leaves the content to the next request, which creates it once',
    async (moment) => {
      const { place, restart } = await dying(moment)
      const next = restart()
      const answer = await sendTo(next)(`PATCH ${place}`, FULL)
      expect(answer).toMatchObject({
        status: 204,
        headers: { location: '/content/folder/test.txt' },
      })
      expect(await idsIn('/folder')).toEqual(['test.txt'])
      await next.close()
    },
  )

  it.each(['before the content appears', 'after it has appeared'])(
    '%s leaves the content to the sweep, which creates it once',
    async (moment) => {
      const { place, restart } = await dying(moment)
      const next = restart()
      expect(await next.sweep()).toMatchObject({ settled: 1 })
      expect(await idsIn('/folder')).toEqual(['test.txt'])
      const answer = await look(sendTo(next), place)
      expect(answer.headers['content-location']).toBe('/content/folder/test.txt')
      await next.close()
    },
  )

  it('does not cause a later replacement to be undone', async () => {
    await upload(content.send, FOLDER, {
      metadata: metadataOf({ filename: 'doc' }),
      content: 'old',
    })
    const { place, restart } = await dying(
      'after it has appeared',
      '/content/folder/doc/@tus-replace',
    )
    await upload(content.send, '/content/folder/doc/@tus-replace', { content: 'newest' })
    const next = restart()
    await sendTo(next)(`PATCH ${place}`, FULL)
    expect((await content.send('GET /content/folder/doc', asAnn)).text).toBe('newest')
    await next.close()
  })

  /** Brings an upload to its end on a server that fails at the moment at which it would have died. */
  async function dying(
    moment: string,
    at = FOLDER,
  ): Promise<{ place: string; restart: () => ReturnType<TestContent['restarted']> }> {
    const fail = (): never => {
      throw new Error('the process died')
    }
    const tree: ContentTree = moment.startsWith('before')
      ? { ...content.tree, add: () => Promise.reject(new Error('the process died')) }
      : content.tree
    const hooks: ContentHooks = moment.startsWith('after') ? { added: fail, modified: fail } : {}
    const server = content.restarted({ tree, hooks })
    const send = sendTo(server)
    const place = await begin(send, at)
    expect((await finish(send, place)).status).toBe(500)
    await server.close()
    return {
      place,
      restart: () => content.restarted({ tree: directoryTree({ directory: content.directory }) }),
    }
  }
})

it('any process serves any request of an upload', async () => {
  const uploads = join(content.directory, 'uploads')
  const servers = [1, 2, 3].map(() =>
    content.restarted({
      tree: directoryTree({ directory: content.directory }),
      store: fsStore({ directory: uploads }),
      locker: fileLocker({ directory: uploads }),
    }),
  )
  const [one, two, three] = servers.map((server) => sendTo(server))
  if (!one || !two || !three) throw new Error('there are three servers')
  const place = await begin(one)
  const fields = { ...asAnn, ...BYTES }
  await two(`PATCH ${place}`, { ...fields, 'upload-offset': '0' }, 'abc')
  expect((await look(three, place)).headers['upload-offset']).toBe('3')
  const last = await three(`PATCH ${place}`, { ...fields, 'upload-offset': '3' }, 'defgh')
  expect(last.headers['location']).toBe('/content/folder/test.txt')
  expect((await one(`PATCH ${place}`, FULL)).headers['location']).toBe('/content/folder/test.txt')
  expect((await two('GET /content/folder/test.txt', asAnn)).text).toBe('abcdefgh')
  await Promise.all(servers.map((server) => server.close()))
})

describe('the completion of an upload', () => {
  it('leaves only the content behind', async () => {
    await finish(content.send, await begin(content.send))
    expect(events.map(({ type }) => type)).toContain('completed')
    await expect.poll(() => readdir(join(content.directory, 'journal'))).toEqual([])
    expect(await readdir(join(content.directory, 'staging'))).toEqual([])
  })

  it('rejects the upload when its container was removed', async () => {
    await upload(content.send, FOLDER, { content: 'x' })
    const place = await begin(content.send)
    await content.send('DELETE /content/folder', asAnn)
    const answer = await finish(content.send, place)
    expect(answer).toMatchObject({ status: 422, text: expect.stringContaining('no longer exists') })
    expect((await look(content.send, place)).status).toBe(422)
  })

  it('rejects the upload when another object is at the path of the one to replace', async () => {
    const metadata = metadataOf({ filename: 'doc' })
    await upload(content.send, FOLDER, { metadata, content: 'old' })
    const place = await begin(content.send, '/content/folder/doc/@tus-replace')
    await content.send('DELETE /content/folder/doc', asAnn)
    await upload(content.send, FOLDER, { metadata, content: 'another' })
    expect((await finish(content.send, place)).status).toBe(422)
    expect((await content.send('GET /content/folder/doc', asAnn)).text).toBe('another')
  })

  it('checks the right again', async () => {
    const { access, store } = content.options
    let revoked = false
    const server = content.restarted({
      access: {
        ...access,
        may: (principal, right, path) => !revoked && access.may(principal, right, path),
      },
      store: {
        ...store,
        async append(...args) {
          const offset = await store.append(...args)
          revoked = args[1] === 0
          return offset
        },
      },
    })
    const send = sendTo(server)
    const place = await begin(send)
    expect((await finish(send, place)).status).toBe(403)
    expect(await idsIn('/folder')).toEqual([])
    revoked = false
    const again = await send(`PATCH ${place}`, FULL)
    expect(again.headers['location']).toBe('/content/folder/test.txt')
    await server.close()
  })

  it('by a sweep needs the right of the upload’s owner', async () => {
    let broken = true
    const flaky = {
      ...content.tree,
      add: (...args: Parameters<ContentTree['add']>) =>
        broken ? Promise.reject(new Error('disk full')) : content.tree.add(...args),
    }
    const server = content.restarted({ tree: flaky })
    const place = await begin(sendTo(server))
    expect((await finish(sendTo(server), place)).status).toBe(500)
    broken = false
    const rights = { '/': { bob: ['add'] as const } }
    const without = content.restarted({ access: basicAccess({ users: {}, rights }) })
    expect(await without.sweep()).toMatchObject({ settled: 1 })
    expect(await idsIn('/folder')).toEqual([])
    const answer = await look(sendTo(server), place)
    expect(answer.status).toBe(422)
    await Promise.all([server.close(), without.close()])
  })
})

describe('hooks', () => {
  let calls: string[]
  let send: Send
  let close: () => Promise<void>

  beforeEach(() => {
    calls = []
    const server = content.restarted({ hooks: recording() })
    send = sendTo(server)
    close = server.close
  })
  afterEach(() => close())

  function recording(): ContentHooks {
    const note = (name: string, path: string, who: string | undefined): void =>
      void calls.push(`${name} ${path} by ${who}`)
    return {
      beforeAdd: (draft, author) => note('created', draft.container, author.principal?.name),
      added: (object, author) => note('added', object.path, author.principal?.name),
      modified: (object, author) => note('modified', object.path, author.principal?.name),
      removed: (object, author) => note('removed', object.path, author.principal?.name),
    }
  }

  it('are called for content that is created and added', async () => {
    await finish(send, await begin(send))
    expect(calls).toEqual(['created /folder by ann', 'added /folder/test.txt by ann'])
  })

  it('are called for a replacement as a modification only', async () => {
    await finish(content.send, await begin(content.send))
    await finish(send, await begin(send, '/content/folder/test.txt/@tus-replace'))
    expect(calls).toEqual(['modified /folder/test.txt by ann'])
  })

  it('are called for folders and for removals', async () => {
    const fields = { ...asAnn, 'content-type': 'application/json' }
    await send('POST /content/folder', fields, '{"@type":"Folder","id":"new"}')
    await send('DELETE /content/folder/new', asAnn)
    expect(calls).toEqual([
      'created /folder by ann',
      'added /folder/new by ann',
      'removed /folder/new by ann',
    ])
  })

  it('may return another title, or reject the upload', async () => {
    const server = content.restarted({
      hooks: {
        beforeAdd({ title }) {
          if (title === 'virus.exe') throw new UploadError('rejected', 'no programs, please')
          return { title: `A ${title}` }
        },
      },
    })
    const metadata = metadataOf({ filename: 'virus.exe' })
    const refused = await upload(sendTo(server), FOLDER, { metadata, content: 'x' })
    expect(refused).toMatchObject({ status: 422, text: expect.stringContaining('no programs') })
    await finish(sendTo(server), await begin(sendTo(server)))
    const { text } = await content.send('GET /content/folder/test.txt/@info', asAnn)
    expect(JSON.parse(text)).toMatchObject({ title: 'A test.txt' })
    await server.close()
  })

  it('that fail are called again, and the content exists once', async () => {
    let failures = 2
    const server = content.restarted({
      hooks: {
        added() {
          failures -= 1
          if (failures >= 0) throw new Error('the index is down')
        },
      },
    })
    const place = await begin(sendTo(server))
    expect((await finish(sendTo(server), place)).status).toBe(500)
    expect((await look(sendTo(server), place)).status).toBe(423)
    expect((await look(sendTo(server), place)).headers['content-location']).toBe(
      '/content/folder/test.txt',
    )
    expect(await idsIn('/folder')).toEqual(['test.txt'])
    await server.close()
  })
})

describe('a field that is not the primary one', () => {
  const types = {
    Folder: { container: true },
    File: { fields: ['file', 'thumbnail'] },
    Note: {},
  }

  it('is filled when the metadata names it, and read at a URL of its own', async () => {
    const server = content.restarted({ types })
    const send = sendTo(server)
    await finish(send, await begin(send))
    const metadata = metadataOf({
      fieldname: 'thumbnail',
      filename: 't.png',
      filetype: 'image/png',
    })
    const replace = '/content/folder/test.txt/@tus-replace'
    expect((await upload(send, replace, { metadata, content: 'tiny' })).headers['location']).toBe(
      '/content/folder/test.txt',
    )
    expect((await send('GET /content/folder/test.txt', asAnn)).text).toBe('abcdefgh')
    const thumbnail = await send('GET /content/folder/test.txt/@download/thumbnail', asAnn)
    expect(thumbnail).toMatchObject({ status: 200, text: 'tiny' })
    expect(thumbnail.headers['content-type']).toBe('image/png')
    for (const path of ['nothing', '__proto__']) {
      const answer = await send(`GET /content/folder/test.txt/@download/${path}`, asAnn)
      expect(answer.status).toBe(404)
    }
    await server.close()
  })

  it('cannot be replaced when there is no such field, or none at all', async () => {
    await finish(content.send, await begin(content.send))
    const unknown = { metadata: metadataOf({ fieldname: 'thumbnail' }), content: 'x' }
    const replace = '/content/folder/test.txt/@tus-replace'
    expect((await upload(content.send, replace, unknown)).status).toBe(400)
    const folder = '/content/folder/@tus-replace'
    expect((await upload(content.send, folder, { content: 'x' })).status).toBe(400)
    expect(
      (await upload(content.send, '/content/nothing/@tus-replace', { content: 'x' })).status,
    ).toBe(404)
  })
})

describe('the bytes of an upload', () => {
  it('are linked into the tree if the store supports links, and stay when the upload is removed', async () => {
    const store = fsStore({ directory: join(content.directory, 'uploads') })
    let linked: number[] = []
    const added = async (): Promise<void> => void (linked = await linksOf('test.txt'))
    const server = content.restarted({ store, keepCompleted: 0, hooks: { added } })
    await finish(sendTo(server), await begin(sendTo(server)))
    expect(linked).toEqual([2])
    // The store has removed its name of the bytes together with the outcome.
    expect(await linksOf('test.txt')).toEqual([1])
    expect(await server.sweep()).toMatchObject({ forgotten: 1 })
    expect(await linksOf('test.txt')).toEqual([1])
    const { text } = await content.send('GET /content/folder/test.txt', asAnn)
    expect(text).toBe('abcdefgh')
    await server.close()
  })

  it('are copied if they cannot be linked', async () => {
    const { store } = content.options
    const server = content.restarted({
      store: { ...store, exportTo: () => Promise.reject(new Error('another file system')) },
    })
    await finish(sendTo(server), await begin(sendTo(server)))
    const { text } = await content.send('GET /content/folder/test.txt', asAnn)
    expect(text).toBe('abcdefgh')
    await server.close()
  })

  /** How many names the file of each blob has. */
  async function linksOf(id: string): Promise<number[]> {
    const place = join(content.directory, 'root', 'children', 'folder', 'children', id)
    const entries = await readdir(place, { recursive: true, withFileTypes: true })
    const blobs = entries.filter((entry) => entry.isFile() && entry.name !== 'record.json')
    const found = await Promise.all(
      blobs.map(({ parentPath, name }) => stat(join(parentPath, name))),
    )
    return found.map(({ nlink }) => nlink)
  }
})
