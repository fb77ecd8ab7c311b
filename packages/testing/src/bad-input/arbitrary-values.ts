import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Answer } from '../client/client.ts'

/** Any byte that a field can carry. */
const byte = fc.integer({ min: 0x20, max: 0xff }).filter((code) => code !== 0x7f)
const text = fc.array(byte, { maxLength: 60 }).map((codes) => String.fromCharCode(...codes))
/** Texts with a meaning for some parser. */
const piece = fc.constantFrom(
  '0',
  '1',
  '3',
  '5',
  '9'.repeat(30),
  '-',
  '+',
  '.',
  ',',
  ';',
  '=',
  '/',
  '//',
  '..',
  '%',
  '%00',
  'partial',
  'final',
  'final;',
  '/files/',
  '/files/x',
  'http://',
  'sha1',
  'name',
  'eA==',
  '"',
  '\\',
  '__proto__',
  '1.0.0',
  'PATCH',
  'bytes=',
  'for=',
  '*',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '<',
  ' ',
)
/** Values for a field: arbitrary texts, and texts with a meaning for some parser. */
export const value: fc.Arbitrary<string> = fc.oneof(
  text,
  fc.array(fc.oneof(piece, text), { maxLength: 8 }).map((all) => all.join('')),
)

/** A segment of a path with arbitrary characters, as a client can send it. */
export const pathSegment: fc.Arbitrary<string> = value.map((segment) =>
  encodeURI(segment).replace(/[?#]/g, '%'),
)

/** Checks that the response is below 500 and can be written to a connection. */
export function isHarmless({ status, headers, text: body }: Answer): void {
  assert.ok(status >= 200 && status < 500, `status is ${status}: ${body}`)
  for (const [name, sent] of Object.entries(headers)) {
    assert.match(sent, /^[\t\x20-\x7e\x80-\xff]*$/, name)
  }
}
