import assert from 'node:assert/strict'
import type { Answer, Body, Fields } from '../client/client.ts'
import type { TestHost } from '../client/test-host.ts'
import { expectAnswer } from './expect-answer.ts'

/** A conversation with one server, with a method for each usual request. */
export interface ClientSession extends TestHost {
  /** Creates an upload, 5 bytes long unless the fields say otherwise, and returns its path. */
  create(fields?: Fields): Promise<string>
  /** Adds bytes at an offset. */
  patch(path: string, offset: number, body?: Body): Promise<Answer>
  head(path: string): Promise<Answer>
  remove(path: string): Promise<Answer>
  /** Creates a complete upload and returns its path. */
  upload(content: string, fields?: Fields): Promise<string>
  /** The bytes of a complete upload as text. */
  contentOf(path: string): Promise<string>
  /** Throws unless HEAD reports this offset. */
  expectOffset(path: string, offset: number): Promise<void>
  /** What OPTIONS says. */
  announced(): Promise<Readonly<Record<string, string>>>
}

/** Creates an upload whose length is declared later. */
export const DEFERRED: Fields = { 'upload-length': null, 'upload-defer-length': '1' }

/** Starts a conversation over a host. */
export function startSession(host: TestHost): ClientSession {
  const { send } = host

  async function create(fields: Fields = {}): Promise<string> {
    const answer = await send('POST /files', { 'upload-length': '5', ...fields })
    expectAnswer(answer, 201)
    return pathOf(answer)
  }

  function patch(path: string, offset: number, body: Body = ''): Promise<Answer> {
    return send(`PATCH ${path}`, { 'upload-offset': String(offset) }, body)
  }

  return {
    ...host,
    create,
    patch,
    head: (path) => send(`HEAD ${path}`),
    remove: (path) => send(`DELETE ${path}`),
    async upload(content, fields = {}) {
      const bytes = new TextEncoder().encode(content)
      const path = await create({ 'upload-length': String(bytes.byteLength), ...fields })
      expectAnswer(await patch(path, 0, bytes), 204)
      return path
    },
    async contentOf(path) {
      const answer = await send(`GET ${path}`)
      expectAnswer(answer, 200)
      return answer.text
    },
    async expectOffset(path, offset) {
      expectAnswer(await send(`HEAD ${path}`), 200, { 'upload-offset': String(offset) })
    },
    async announced() {
      const answer = await send('OPTIONS /files', { 'tus-resumable': null })
      expectAnswer(answer, 204)
      return answer.headers
    },
  }
}

/** The path of a created upload, whether its URL is absolute or relative. */
export function pathOf(answer: Answer): string {
  const location = answer.headers['location']
  if (location === undefined) assert.fail('the answer has no location')
  return new URL(location, 'http://host/files').pathname
}

/** The extensions that a server announces. */
export async function extensionsOf({
  announced,
}: Pick<ClientSession, 'announced'>): Promise<string[]> {
  return ((await announced())['tus-extension'] ?? '').split(',')
}

/** Repeats a check until it no longer throws, for fifteen seconds at most. */
export async function eventually<Result>(check: () => Promise<Result>): Promise<Result> {
  const deadline = performance.now() + 15_000
  for (;;) {
    try {
      return await check()
    } catch (error) {
      if (performance.now() > deadline) throw error
      await pause(20)
    }
  }
}

/** Waits for some milliseconds. */
export function pause(time: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, time))
}
