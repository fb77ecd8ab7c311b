import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HttpRequest, RequestHandler } from '@tusker/core'
import { memoryStore } from '@tusker/store-memory'
import type { ContentServer, ContentServerOptions, ContentTree } from '../../src/index.ts'
import { basicAccess, contentServer, directoryTree } from '../../src/index.ts'

/** An answer, its body read to the end. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/** What a request has besides its method and path. */
export interface Fields {
  readonly [name: string]: string
}

/** Sends a request such as `GET /content/folder`, in memory or over a network. */
export type Send = (line: string, fields?: Fields, body?: string) => Promise<Answer>

/** A content server over a directory of its own. */
export interface TestContent {
  readonly server: ContentServer
  readonly tree: ContentTree
  readonly directory: string
  readonly options: ContentServerOptions
  readonly send: Send
  /** Another server over the same tree and store, as after a restart. */
  restarted(changes: Partial<ContentServerOptions>): ContentServer
  end(): Promise<void>
}

/** Passwords are `secret`. */
const USERS = { ann: 'secret', bob: 'secret', carl: 'secret', eve: 'secret' }

export const asAnn: Fields = credentials('ann')
export const asBob: Fields = credentials('bob')
/** May view only. */
export const asCarl: Fields = credentials('carl')
/** May nothing at all. */
export const asEve: Fields = credentials('eve')

/** A server with a folder called `folder`, in which Ann and Bob may do everything and Carl may look. */
export async function testContent(
  changes: Partial<ContentServerOptions> = {},
): Promise<TestContent> {
  const directory = await mkdtemp(join(tmpdir(), 'tusker-content-'))
  const tree = directoryTree({ directory })
  const all = ['view', 'add', 'modify'] as const
  const options: ContentServerOptions = {
    tree,
    store: memoryStore(),
    access: basicAccess({
      users: USERS,
      rights: { '/': { ann: all, bob: all, carl: ['view'] }, '/closed': { ann: all, bob: [] } },
    }),
    ...changes,
  }
  for (const id of ['folder', 'closed']) await addFolder(tree, id)
  const server = contentServer(options)
  return {
    server,
    tree,
    directory,
    options,
    send: sendTo(server),
    restarted: (more) => contentServer({ ...options, ...more }),
    async end() {
      await server.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** Sends requests to a handler with no network between. */
export function sendTo(
  handler: RequestHandler,
  from: Partial<Pick<HttpRequest, 'prefix' | 'signal'>> = {},
): Send {
  return async (line, fields = {}, body = '') => {
    const [method = '', target = ''] = line.split(' ')
    const [path = '', query = ''] = target.split('?')
    const names = new Map(
      Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value]),
    )
    if (body !== '') names.set('content-length', String(Buffer.byteLength(body)))
    const response = await handler.handle({
      method,
      query,
      path,
      prefix: '',
      context: null,
      remoteAddress: null,
      headers: { get: (name) => names.get(name.toLowerCase()) ?? null },
      body: bytesOf(body),
      signal: new AbortController().signal,
      ...from,
    })
    return {
      status: response.status,
      headers: response.headers,
      text: await textOf(response.body),
    }
  }
}

/** Uploads a whole file and returns the answer to its last bytes. */
export async function upload(
  send: Send,
  place: string,
  { metadata = '', content = '', as = asAnn }: { metadata?: string; content?: string; as?: Fields },
): Promise<Answer> {
  const created = await send(`POST ${place}`, {
    ...as,
    ...TUS,
    'upload-length': String(Buffer.byteLength(content)),
    'upload-metadata': metadata,
  })
  const { location } = created.headers
  if (location === undefined || content === '') return created
  return send(`PATCH ${location}`, { ...as, ...BYTES, 'upload-offset': '0' }, content)
}

/** Metadata in its wire form. */
export function metadataOf(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
    .join(',')
}

/** What every tus request has. */
export const TUS: Fields = { 'tus-resumable': '1.0.0', accept: 'application/json' }

/** What a PATCH has. */
export const BYTES: Fields = { ...TUS, 'content-type': 'application/offset+octet-stream' }

function credentials(name: string): Fields {
  return { authorization: `Basic ${Buffer.from(`${name}:secret`).toString('base64')}` }
}

async function addFolder(tree: ContentTree, id: string): Promise<void> {
  await tree.add('/', {
    names: [{ id, title: null }],
    type: 'Folder',
    container: true,
    primaryField: null,
    blob: null,
  })
}

async function* bytesOf(body: string): AsyncGenerator<Uint8Array> {
  if (body !== '') yield Buffer.from(body)
}

async function textOf(body: string | AsyncIterable<Uint8Array> | undefined): Promise<string> {
  if (typeof body === 'string' || body === undefined) return body ?? ''
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
