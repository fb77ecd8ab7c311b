import type { CorsPolicy } from '@tusker/core'
import type { RawAnswer } from '@tusker/testing'
import { describe, expect, it } from 'vitest'
import { nodeHandler, prepareServer, respondToClientErrors } from '../src/index.ts'
import { handlerOf, head, NOTHING, serve } from './support/serve.ts'

const PAGE = 'https://app.example'
const OTHERS = ['https://admin.example', PAGE]
const LONG = `X-Long: ${'x'.repeat(20_000)}`

const handler = handlerOf(async ({ body }) => {
  for await (const _ of body);
  return NOTHING
})

const LIMITS = { headersTimeout: 300, requestTimeout: 300, connectionsCheckingInterval: 50 }

async function open(cors?: CorsPolicy, limits = {}) {
  const listener = nodeHandler(handler, {
    otherwise: (req, res) => void req.resume().once('end', () => res.end('read')),
  })
  const { server, connect } = await serve(listener, limits)
  prepareServer(server)
  respondToClientErrors(server, cors === undefined ? {} : { cors })
  return { server, connect }
}

async function answerTo(cors: CorsPolicy | undefined, ...requests: string[]): Promise<RawAnswer> {
  const { connect } = await open(cors, LIMITS)
  const connection = await connect()
  let answer: RawAnswer | undefined
  for (const request of requests) {
    connection.write(request)
    answer = await connection.answer()
  }
  connection.close()
  if (answer === undefined) throw new Error('there is no request')
  return answer
}

const allowed = ({ headers }: RawAnswer): string | undefined =>
  headers['access-control-allow-origin']

describe('a response to a request that Node refuses', () => {
  it.each([
    ['431', head('PATCH /files/a', `Origin: ${PAGE}`, LONG)],
    ['400', `PATCH /files/a HTTP/1.1\r\nHost: x\r\nOrigin: ${PAGE}\r\nBad Name: x\r\n\r\n`],
    ['408', `POST /session HTTP/1.1\r\nHost: x\r\nOrigin: ${PAGE}\r\nContent-Length: 5\r\n\r\nhe`],
  ])('has CORS fields for the origin of the request: %s', async (status, request) => {
    const answer = await answerTo({ origins: OTHERS }, request)
    expect(answer.status).toBe(Number(status))
    expect(allowed(answer)).toBe(PAGE)
    expect(answer.headers['vary']).toMatch(/origin/i)
    expect(answer.headers['access-control-expose-headers']).toContain('Upload-Offset')
  })

  it.each<[string, CorsPolicy, string]>([
    ['every origin is allowed', { origins: '*' }, '*'],
    ['one origin is allowed', { origins: [PAGE] }, PAGE],
  ])('has CORS fields for a head that never ends, if %s', async (_, cors, expected) => {
    const answer = await answerTo(cors, 'PATCH /files/a HTTP/1.1\r\nHost: x\r\n')
    expect(answer.status).toBe(408)
    expect(allowed(answer)).toBe(expected)
  })

  it('takes the origin from the request before it', async () => {
    const before = head('GET /files/a', `Origin: ${PAGE}`)
    const answer = await answerTo({ origins: OTHERS }, before, 'nonsense\r\n\r\n')
    expect([answer.status, allowed(answer)]).toEqual([400, PAGE])
  })

  it('has no CORS fields for another origin, and none without a policy', async () => {
    const request = head('PATCH /files/a', 'Origin: https://evil.example', LONG)
    expect(allowed(await answerTo({ origins: OTHERS }, request))).toBeUndefined()
    const answer = await answerTo(undefined, request)
    expect([answer.status, allowed(answer)]).toEqual([431, undefined])
  })

  it('is read by a client that sends all of a head that is far too long', async () => {
    const { connect } = await open({ origins: '*' })
    const connection = await connect()
    connection.write(head('PATCH /files/a', `X-Long: ${'x'.repeat(2_000_000)}`))
    expect((await connection.answer()).status).toBe(431)
    connection.close()
  })

  it('is not mixed into a response that has begun', async () => {
    let isBegun = false
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('hello')
      isBegun = true
      await new Promise((resolve) => setTimeout(resolve, 60_000).unref())
    }
    const begun = handlerOf(() => ({ status: 200, headers: {}, body: slow() }))
    const { server, connect } = await serve(nodeHandler(begun))
    respondToClientErrors(server)
    const connection = await connect()
    connection.write(head('GET /files/a'))
    const answer = connection.answer().catch(String)
    await expect.poll(() => isBegun).toBe(true)
    connection.write('nonsense\r\n\r\n')
    expect(await answer).not.toContain('400')
    await connection.over
  })
})
