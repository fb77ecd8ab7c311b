import type { Answer, Body, Client, Fields } from '../client/client.ts'
import type { TestHost } from '../client/test-host.ts'
import { pathOf } from '../runner/client-session.ts'
import { expectAnswer } from '../runner/expect-answer.ts'

/** A client of the IETF draft, in the words that clients use most. */
export interface DraftClient extends Client {
  /** Creates an upload that is not complete, 10 bytes long unless the fields say otherwise. */
  create(fields?: Fields, body?: Body): Promise<string>
  /** Appends content after which more is to come. */
  append(path: string, offset: number, body?: Body, fields?: Fields): Promise<Answer>
  /** Appends the last content. */
  complete(path: string, offset: number, body?: Body, fields?: Fields): Promise<Answer>
  head(path: string, fields?: Fields): Promise<Answer>
  remove(path: string): Promise<Answer>
  /** Throws unless HEAD reports this offset of an upload that is not complete. */
  expectOffset(path: string, offset: number): Promise<void>
  /** The bytes of a complete upload as text. */
  contentOf(path: string): Promise<string>
}

/** A conversation by the IETF draft with one server. */
export type DraftSession = DraftClient & TestHost

/**
 * Starts a conversation with a server, or as a client of one elsewhere. `version` is the interop version that
 * the client announces; null for none.
 */
export function startDraftSession<Host extends Client>(
  host: Host,
  version: number | null = 8,
): Host & DraftClient {
  /** What clients of this version send along. */
  function filled(line: string, fields: Fields): Fields {
    return {
      'tus-resumable': null,
      'upload-draft-interop-version': version === null ? null : String(version),
      ...(line.startsWith('PATCH') ? { 'content-type': 'application/partial-upload' } : {}),
      ...fields,
    }
  }

  const send = (line: string, fields: Fields = {}, body?: Body): Promise<Answer> =>
    host.send(line, filled(line, fields), body)

  function append(
    path: string,
    offset: number,
    body: Body = '',
    fields: Fields = {},
  ): Promise<Answer> {
    const sent = { 'upload-offset': String(offset), 'upload-complete': '?0', ...fields }
    return send(`PATCH ${path}`, sent, body)
  }

  return {
    ...host,
    send,
    sendUntil: (count, line, fields, body) =>
      host.sendUntil(count, line, filled(line, fields), body),
    append,
    complete: (path, offset, body, fields = {}) =>
      append(path, offset, body, { 'upload-complete': '?1', ...fields }),
    head: (path, fields) => send(`HEAD ${path}`, fields),
    remove: (path) => send(`DELETE ${path}`),
    async create(fields = {}, body = '') {
      const sent = { 'upload-complete': '?0', 'upload-length': '10', ...fields }
      const answer = await send('POST /files', sent, body)
      expectAnswer(answer, 201)
      return pathOf(answer)
    },
    async expectOffset(path, offset) {
      const expected = { 'upload-offset': String(offset), 'upload-complete': '?0' }
      expectAnswer(await send(`HEAD ${path}`), 204, expected)
    },
    async contentOf(path) {
      const answer = await send(`GET ${path}`)
      expectAnswer(answer, 200)
      return answer.text
    },
  }
}

/** Throws unless the request was refused with this status and, where there is a body, this code. */
export function expectProblem(answer: Answer, status: number, code: string): void {
  expectAnswer(answer, status, { 'content-type': 'application/problem+json' })
  const problem = JSON.parse(answer.text) as { readonly code?: unknown }
  if (problem.code !== code) throw new Error(`the code is ${String(problem.code)}, not ${code}`)
}
