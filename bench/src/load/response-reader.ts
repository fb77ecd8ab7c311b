/** The parts of a response that a load generator looks at. */
export interface LoadResponse {
  readonly status: number
  /** Where a created upload is: the path of `Location`; empty without one. */
  readonly location: string
  /** Bytes of the body. */
  readonly length: number
  /** The text that came with the head: of an error, why. */
  readonly text: string
}

interface Expected {
  readonly hasBody: boolean
  resolve(response: LoadResponse): void
}

/** Reads the responses of one connection, and does no more work than finding the end of each. */
export interface ResponseReader {
  read(bytes: Buffer): void
  expect(expected: Expected): void
}

const END_OF_CHUNKS = '0\r\n\r\n'

export function responseReader(): ResponseReader {
  let expected: Expected | null = null
  let head = ''
  let response: LoadResponse | null = null
  /** Bytes of the body that are still to come; null for a chunked body. */
  let rest: number | null = 0
  let tail = ''

  function finish(): void {
    const done = response
    const { resolve } = expected ?? {}
    head = ''
    tail = ''
    response = null
    expected = null
    if (done !== null) resolve?.(done)
  }

  function readHead(text: string): void {
    head += text
    const end = head.indexOf('\r\n\r\n')
    if (end < 0) return
    const status = Number(head.slice(9, 12))
    const body = head.slice(end + 4)
    if (status < 200) {
      head = ''
      if (body !== '') readHead(body)
      return
    }
    const fields = head.slice(0, end)
    const length = Number(fieldOf(fields, 'content-length') ?? 0)
    response = {
      status,
      location: pathOf(fieldOf(fields, 'location') ?? ''),
      length,
      text: body.slice(0, 200),
    }
    const empty = expected?.hasBody === false || status === 204 || status === 304
    const chunked = /\r\ntransfer-encoding: *chunked/i.test(fields)
    rest = empty ? 0 : chunked ? null : length
    readBody(body.length, body)
  }

  function readBody(length: number, text: string): void {
    if (rest === null) {
      tail = (tail + text).slice(-END_OF_CHUNKS.length)
      if (tail === END_OF_CHUNKS) finish()
      return
    }
    rest -= length
    if (rest <= 0) finish()
  }

  return {
    expect(next) {
      expected = next
    },
    read(bytes) {
      if (response === null) readHead(bytes.toString('latin1'))
      else readBody(bytes.length, rest === null ? bytes.toString('latin1') : '')
    },
  }
}

function fieldOf(fields: string, name: string): string | undefined {
  return new RegExp(`\\r\\n${name}: *([^\\r]*)`, 'i').exec(fields)?.[1]
}

function pathOf(location: string): string {
  return location.replace(/^(?:https?:)?\/\/[^/]*/, '')
}
