import assert from 'node:assert/strict'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, it } from 'vitest'
import type { Fields } from '../client/client.ts'
import type { OpenedHost, OpenHost } from '../client/hosts.ts'
import type { BadRequest } from './bad-requests.ts'
import { isHarmless, pathSegment, value } from './arbitrary-values.ts'
import { badBodies, badFields, badNames } from './bad-requests.ts'
import { expectAnswer, expectRefusal } from '../runner/expect-answer.ts'
import type { ClientSession } from '../runner/client-session.ts'
import { startSession } from '../runner/client-session.ts'

/** How thoroughly to test. */
export interface BadInputOptions {
  /** The number of arbitrary values for each field. */
  readonly runs?: number
  /** More fields to test with arbitrary values. Fields that frame a message work only in memory. */
  readonly furtherFields?: readonly string[]
  /** Requests that the host refuses itself, by test name, and the reason. Any 4xx is right then. */
  readonly hostRefuses?: readonly { readonly what: RegExp; readonly reason: string }[]
}

/** Bad input gets an error response with a stable code, never a 5xx, and does not change any upload. */
export function describeBadInput(
  name: string,
  openHost: OpenHost,
  { runs = 100, furtherFields = [], hostRefuses = [] }: BadInputOptions = {},
): void {
  describe(`bad input: ${name}`, () => {
    let host: OpenedHost
    let talk: ClientSession
    /** An upload with 3 of its 5 bytes. */
    let upload: string

    beforeAll(async () => {
      host = await openHost()
      talk = startSession(host)
      upload = await talk.create({ 'upload-metadata': 'name eA==' })
      expectAnswer(await talk.patch(upload, 0, 'hel'), 204)
    })
    // After all these requests the upload can still be completed.
    afterAll(async () => {
      expectAnswer(await talk.patch(upload, 3, 'lo'), 204)
      assert.equal(await talk.contentOf(upload), 'hello')
      assert.deepEqual(
        host.events.filter(({ type }) => type === 'failed'),
        [],
      )
      await host.close()
    })

    async function refuses(bad: BadRequest): Promise<void> {
      const line = bad.line.replace('UPLOAD', upload)
      const answer = await talk.send(line, bad.fields, bad.body)
      if (hostRefuses.some(({ what }) => what.test(bad.what))) {
        assert.equal(Math.floor(answer.status / 100), 4)
      } else if (line.startsWith('HEAD')) expectAnswer(answer, bad.status)
      else expectRefusal(answer, bad.status, bad.code)
      await talk.expectOffset(upload, 3)
    }

    it.each([...badNames])('$what is $status', refuses)
    it.each([...badFields])('$what is $status', refuses)
    it.each([...badBodies])('$what is $status', refuses)

    it.each([...FIELDS, ...furtherFields])(
      'any value of %s gets a response below 500',
      async (field) => {
        await fc.assert(
          fc.asyncProperty(
            fc.constantFrom(...requestsOn(upload)),
            value,
            async ([line, fields], text) => {
              isHarmless(await talk.send(line, { ...fields, [field]: text }))
            },
          ),
          { numRuns: runs },
        )
        expectAnswer(await talk.head(upload), 200, {
          'upload-offset': '3',
          'upload-length': '5',
          'upload-metadata': 'name eA==',
        })
      },
    )

    it('any id in the URL gets a response below 500', async () => {
      await fc.assert(
        fc.asyncProperty(pathSegment, async (segment) => {
          isHarmless(await talk.send(`HEAD /files/${segment}`))
          isHarmless(await talk.send(`PATCH /files/${segment}`, { 'upload-offset': '3' }))
        }),
        { numRuns: runs },
      )
    })
  })
}

const FIELDS = [
  'tus-resumable',
  'upload-offset',
  'upload-length',
  'upload-defer-length',
  'upload-metadata',
  'upload-concat',
  'upload-checksum',
  'content-type',
  'x-http-method-override',
  'accept',
  'forwarded',
  'x-forwarded-host',
  'x-forwarded-proto',
  'range',
  'if-range',
  'if-none-match',
  'if-modified-since',
  'origin',
  'access-control-request-headers',
  'content-digest',
  'cookie',
]

/** Requests that change nothing for any value of the added field. */
function requestsOn(upload: string): (readonly [line: string, fields: Fields])[] {
  return [
    [`HEAD ${upload}`, {}],
    [`PATCH ${upload}`, { 'upload-offset': '3' }],
    ['POST /files', { 'upload-length': '5' }],
    [`GET ${upload}`, {}],
    [`OPTIONS ${upload}`, {}],
    ['DELETE /files/unknown', {}],
  ]
}
