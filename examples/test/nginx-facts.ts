import type { Front, Processes } from './behind-nginx.ts'
import { pathOf, talkTo } from './behind-nginx.ts'

/** Something that holds behind a configuration, or does not within `time` milliseconds. */
export type Fact = (front: Front, processes: Processes, time: number) => Promise<boolean>

/** The configuration with a change that makes a fact untrue. */
export type Change = (configuration: string) => string

const without =
  (directive: string): Change =>
  (configuration) => {
    const lines = configuration.split('\n')
    const left = lines.filter((line) => !line.trim().startsWith(directive))
    if (left.length === lines.length) throw new Error(`there is no ${directive}`)
    return left.join('\n')
  }

async function becomes(state: () => Promise<boolean>, time: number): Promise<boolean> {
  const until = Date.now() + time
  while (Date.now() < until) if (await state()) return true
  return false
}

const countsAsItComes =
  (fields: string, piece: string): Fact =>
  async ({ plain }, _processes, time) => {
    const talk = talkTo(plain)
    const location = await talk.create(10)
    const connection = await talk.begin(location, `Upload-Offset: 0\r\n${fields}`)
    connection.write(piece)
    const counted = await becomes(async () => (await talk.offsetOf(location)) === 5, time)
    connection.reset()
    return counted
  }

const keepsWhatCame: Fact = async ({ plain }, _processes, time) => {
  const talk = talkTo(plain)
  const location = await talk.create(100_000)
  const connection = await talk.begin(location, 'Upload-Offset: 0\r\nContent-Length: 100000\r\n')
  connection.write('x'.repeat(40_000))
  await connection.flushed()
  await new Promise((resolve) => setTimeout(resolve, 500))
  connection.reset()
  return becomes(async () => (await talk.offsetOf(location)) === 40_000, time)
}

const takesMuch: Fact = async ({ plain }) => {
  const talk = talkTo(plain)
  const location = await talk.create(2_000_000)
  const connection = await talk.begin(location, 'Upload-Offset: 0\r\nContent-Length: 2000000\r\n')
  connection.write('x'.repeat(2_000_000))
  const { status } = await connection.answer()
  connection.close()
  return status === 204
}

/** No field of a client can change the origin in `Location`. */
const isFoundWhereAsked =
  (fields: string): Fact =>
  async ({ plain }) =>
    /^http:\/\/example\.com\/files\/[0-9a-f]{32}$/.test(await talkTo(plain).create(5, fields))

/** Metadata of this many bytes passes both ways: with the creation, and back with HEAD. */
const passesMetadata =
  (length: number): Fact =>
  async ({ plain }) => {
    const talk = talkTo(plain)
    const metadata = `Upload-Metadata: x ${'eHh4'.repeat((length - 2) / 4)}\r\n`
    const location = await talk.create(5, metadata).catch(() => null)
    return location !== null && (await talk.offsetOf(location)) === 0
  }

const asksAgain: Fact = async ({ plain }, processes) => {
  const location = await talkTo(plain).create(5)
  await processes.kill(0, 1)
  try {
    const headers = { 'tus-resumable': '1.0.0' }
    const { status } = await fetch(plain + pathOf(location), { method: 'HEAD', headers })
    return status === 423
  } finally {
    await processes.start(0, 1)
  }
}

const servesAtOnce: Fact = async (front, processes, time) => {
  const talk = talkTo(front.plain)
  const location = await talk.create(5)
  await processes.kill(0, 1)
  await talk.offsetOf(location)
  await processes.start(0, 1)
  return becomes(async () => (await talk.offsetOf(location)) === 0, time)
}

/** Each directive, what would make it go, and what is lost then. */
export const NEEDED: readonly (readonly [string, string, Change, Fact])[] = [
  [
    'proxy_request_buffering',
    'a body counts while it still comes',
    without('proxy_request_buffering'),
    countsAsItComes('Content-Length: 10\r\n', 'hello'),
  ],
  [
    'proxy_request_buffering',
    'what came before a cut is kept',
    without('proxy_request_buffering'),
    keepsWhatCame,
  ],
  [
    'proxy_http_version',
    'a body in chunks counts while it still comes',
    without('proxy_http_version'),
    countsAsItComes('Transfer-Encoding: chunked\r\n', '5\r\nhello\r\n'),
  ],
  [
    'client_max_body_size',
    'a body may be larger than 1 MiB',
    without('client_max_body_size'),
    takesMuch,
  ],
  [
    'proxy_buffer_size',
    'HEAD returns metadata of 4 KB',
    without('proxy_buffer_size'),
    passesMetadata(4_006),
  ],
  [
    'large_client_header_buffers',
    'an upload may have metadata of 12 KB',
    without('large_client_header_buffers'),
    passesMetadata(12_002),
  ],
  [
    'X-Forwarded-Proto',
    'Location has the scheme that the client used',
    without('proxy_set_header X-Forwarded-Proto'),
    isFoundWhereAsked('X-Forwarded-Proto: https\r\n'),
  ],
  [
    'X-Forwarded-Host',
    'Location has the host that the client used',
    without('proxy_set_header X-Forwarded-Host'),
    isFoundWhereAsked('X-Forwarded-Host: evil.example\r\n'),
  ],
  [
    'X-Forwarded-Prefix',
    'Location has nothing that a client made up',
    without('proxy_set_header X-Forwarded-Prefix'),
    isFoundWhereAsked('X-Forwarded-Prefix: /evil\r\n'),
  ],
  [
    'Forwarded',
    'Location ignores the forwarded fields of a client',
    without('proxy_set_header Forwarded'),
    isFoundWhereAsked('Forwarded: host=evil.example;proto=http\r\n'),
  ],
  [
    'error_page',
    'a client may ask again for the offset when no process is there',
    without('error_page'),
    asksAgain,
  ],
  [
    'max_fails',
    'processes that restarted serve at once',
    (configuration) => configuration.replaceAll(' max_fails=0', ''),
    servesAtOnce,
  ],
]
