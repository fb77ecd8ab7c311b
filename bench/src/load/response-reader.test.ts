import { describe, expect, it } from 'vitest'
import type { LoadResponse } from './response-reader.ts'
import { responseReader } from './response-reader.ts'

const CREATED =
  'HTTP/1.1 201 Created\r\nLocation: http://a.example/files/u1\r\nContent-Length: 2\r\n\r\nok'

/** The responses to requests that are sent one after the other. */
function read(pieces: readonly string[], count: number, hasBody = true): LoadResponse[] {
  const reader = responseReader()
  const responses: LoadResponse[] = []
  const expectNext = (): void => {
    if (responses.length === count) return
    reader.expect({
      hasBody,
      resolve(response) {
        responses.push(response)
        expectNext()
      },
    })
  }
  expectNext()
  for (const piece of pieces) reader.read(Buffer.from(piece))
  return responses
}

describe('the reader of responses', () => {
  it.each([
    ['whole', [CREATED]],
    ['byte by byte', [...CREATED]],
    ['after an informational response', ['HTTP/1.1 100 Continue\r\n\r\n', CREATED]],
    ['together with an informational response', [`HTTP/1.1 100 Continue\r\n\r\n${CREATED}`]],
  ])('reads a response that comes %s', (_how, pieces) => {
    expect(read(pieces, 1)).toMatchObject([{ status: 201, location: '/files/u1', length: 2 }])
  })

  it('finds the end of a chunked body before the next response', () => {
    const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n'
    expect(read([...chunked, CREATED], 2).map(({ status }) => status)).toEqual([200, 201])
  })

  it('expects no body after HEAD, also with a length', () => {
    const head = 'HTTP/1.1 200 OK\r\nContent-Length: 4096\r\n\r\n'
    expect(read([head, head], 2, false)).toHaveLength(2)
  })
})
