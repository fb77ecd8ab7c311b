import assert from 'node:assert/strict'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, it } from 'vitest'
import type { Fields } from '../client/client.ts'
import type { OpenedHost, OpenHost } from '../client/hosts.ts'
import type { DraftSession } from '../draft-spec/draft-session.ts'
import { expectProblem, startDraftSession } from '../draft-spec/draft-session.ts'
import { expectAnswer } from '../runner/expect-answer.ts'
import { isHarmless, pathSegment, value } from './arbitrary-values.ts'
import { badNames } from './bad-requests.ts'

/** How thoroughly to test. */
export interface BadDraftInputOptions {
  /** The number of arbitrary values for each field. */
  readonly runs?: number
}

/**
 * Bad input in a field of the IETF draft gets a response below 500, and does not change any upload. A
 * request that hangs fails by the time limit of its test.
 */
export function describeBadDraftInput(
  name: string,
  openHost: OpenHost,
  { runs = 100 }: BadDraftInputOptions = {},
): void {
  describe(`bad input of the IETF draft: ${name}`, () => {
    let host: OpenedHost
    let talk: DraftSession
    /** An upload with 3 of its 5 bytes. */
    let upload: string

    beforeAll(async () => {
      host = await openHost()
      talk = startDraftSession(host)
      upload = await talk.create({ 'upload-length': '5' }, 'hel')
    })
    // After all these requests the upload can still be completed.
    afterAll(async () => {
      expectAnswer(await talk.complete(upload, 3, 'lo'), 201)
      assert.equal(await talk.contentOf(upload), 'hello')
      assert.deepEqual(
        host.events.filter(({ type }) => type === 'failed'),
        [],
      )
      await host.close()
    })

    it.each(FIELDS)('any value of %s gets a response below 500', async (field) => {
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
      await talk.expectOffset(upload, 3)
    })

    it.each([...badNames])('$what is $status', async ({ line, fields = {}, body }) => {
      const all = line.startsWith('PATCH') ? { 'upload-complete': '?0', ...fields } : fields
      const answer = await talk.send(line.replace('UPLOAD', upload), all, body)
      if (line.startsWith('HEAD')) expectAnswer(answer, 404)
      else expectProblem(answer, 404, 'not_found')
      await talk.expectOffset(upload, 3)
    })

    it('any combination of fields gets a response below 500', async () => {
      const combination = fc.dictionary(fc.constantFrom(...FIELDS), fc.oneof(structured, value))
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...requestsOn('/files/unknown')),
          combination,
          async ([line, fields], more) => {
            isHarmless(await talk.send(line, { ...fields, ...more }))
          },
        ),
        { numRuns: runs },
      )
    })

    it('any id in the URL gets a response below 500', async () => {
      await fc.assert(
        fc.asyncProperty(pathSegment, async (segment) => {
          isHarmless(await talk.head(`/files/${segment}`))
          isHarmless(await talk.append(`/files/${segment}`, 3, 'lo'))
        }),
        { numRuns: runs },
      )
    })

    it.each(MALFORMED)('PATCH with upload-offset "%s" is 400', async (text) => {
      const answer = await talk.append(upload, 3, 'lo', { 'upload-offset': text })
      expectAnswer(answer, 400, { 'content-type': 'application/problem+json' })
      await talk.expectOffset(upload, 3)
    })
  })
}

const FIELDS = [
  'upload-complete',
  'upload-incomplete',
  'upload-offset',
  'upload-length',
  'upload-draft-interop-version',
  'content-type',
  'content-digest',
  'repr-digest',
  'want-repr-digest',
  'content-disposition',
]

/** Texts that fields of the draft can have, valid and almost valid. */
const structured = fc.constantFrom(
  '?0',
  '?1',
  '0',
  '5',
  '999999999999999',
  '8',
  '3',
  'application/partial-upload',
  'sha=:AAAA:',
  'inline; filename="a"',
  '?1, ?0',
  '-5',
)

/** Texts that are no number of bytes in a structured field. */
const MALFORMED = [
  '',
  '-1',
  '3.0',
  '3e0',
  '0x3',
  '"3"',
  '?1',
  '3, 3',
  ':Mw==:',
  'null',
  '9'.repeat(16),
]

/** Requests that leave an upload as it is, for any value of the added field. */
function requestsOn(upload: string): (readonly [line: string, fields: Fields])[] {
  return [
    [`HEAD ${upload}`, {}],
    [`PATCH ${upload}`, { 'upload-offset': '3', 'upload-complete': '?0' }],
    ['POST /files', { 'upload-complete': '?0' }],
    ['PUT /files', { 'upload-complete': '?1' }],
    [`GET ${upload}`, {}],
    [`OPTIONS ${upload}`, {}],
    ['DELETE /files/unknown', {}],
  ]
}
