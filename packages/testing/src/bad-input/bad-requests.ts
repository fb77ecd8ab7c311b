import type { Body, Fields } from '../client/client.ts'

/** A request that must be refused. */
export interface BadRequest {
  readonly what: string
  /** `UPLOAD` stands for the path of an upload of 5 bytes that holds 3. */
  readonly line: string
  readonly fields?: Fields
  readonly body?: Body
  readonly status: number
  readonly code: string
}

const AT_OFFSET = { 'upload-offset': '3' }
const SIZED = { 'upload-length': '5' }

/** Names that no upload has, though some would get by a careless check or mean something to a store. */
const NAMES: readonly string[] = [
  'unknown',
  '-',
  '_',
  '*',
  ';',
  '.',
  '..',
  '.hidden',
  '~',
  '@',
  ':',
  '$',
  '%',
  '%2e%2e',
  '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  '..%2fx',
  '..%5cx',
  '%00',
  'a%00b',
  '%0d%0a',
  '%',
  'a\\b',
  '\\',
  'a/b',
  '../x',
  './x',
  '/x',
  'a%2fb',
  '%zz',
  '%c3%28',
  '%25',
  'a+b',
  'a%20b',
  'x.json',
  'x~',
  'x.lock',
  'x.part',
  'x.info',
  'CON',
  'nul',
  'aux.txt',
  'x:stream',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'undefined',
  'null',
  'x'.repeat(129),
  'x'.repeat(4_096),
  '%41'.repeat(1_000),
]

/** Suffixes of an upload id. A file that a store keeps beside an upload is not an upload. */
const BESIDE: readonly string[] = ['.json', '~', '.lock', '.part', '/x', '%20', '.', '%00', '.info']

const methodsOn = (line: string, what: string): BadRequest[] =>
  ['HEAD', 'PATCH', 'DELETE', 'GET'].map((method) => ({
    what: `${method} of ${what}`,
    line: `${method} ${line}`,
    ...(method === 'PATCH' ? { fields: { 'upload-offset': '0' }, body: 'hello' } : {}),
    status: 404,
    code: 'not_found',
  }))

/** Requests for a path that names no upload. */
export const badNames: readonly BadRequest[] = [
  ...NAMES.flatMap((name) => methodsOn(`/files/${name}`, name.slice(0, 40))),
  ...BESIDE.flatMap((rest) => methodsOn(`UPLOAD${rest}`, `an upload and "${rest}"`)),
]

function patching(
  what: string,
  fields: Fields,
  code = 'malformed_request',
  status = 400,
): BadRequest {
  const all = { ...AT_OFFSET, ...fields }
  return { what: `PATCH with ${what}`, line: 'PATCH UPLOAD', fields: all, body: 'lo', status, code }
}

function creating(
  what: string,
  fields: Fields,
  code = 'malformed_request',
  status = 400,
): BadRequest {
  return { what: `POST with ${what}`, line: 'POST /files', fields, status, code }
}

/** What cannot be read as the number of bytes it should be. */
const NUMBERS: readonly string[] = [
  '',
  '-1',
  '-0',
  '+5',
  '5.0',
  '5e0',
  '0x5',
  '05',
  '5 5',
  '5,5',
  '5;5',
  '5 bytes',
  '"5"',
  'NaN',
  'Infinity',
  '9007199254740992',
  '1'.repeat(1_000),
  '\u00b2',
  'null',
  '5\t5',
]

/** Requests with fields that cannot be what they are. */
export const badFields: readonly BadRequest[] = [
  ...NUMBERS.flatMap((text) => [
    patching(`upload-offset "${text.slice(0, 20)}"`, { 'upload-offset': text }),
    patching(`upload-length "${text.slice(0, 20)}"`, { 'upload-length': text }),
    creating(`upload-length "${text.slice(0, 20)}"`, { 'upload-length': text }),
  ]),
  patching('no upload-offset', { 'upload-offset': null }),
  patching('another length', { 'upload-length': '6' }, 'length_mismatch'),
  patching('a length below its offset', { 'upload-length': '2' }, 'length_mismatch'),
  patching('an offset behind', { 'upload-offset': '2' }, 'offset_mismatch', 409),
  patching('an offset ahead', { 'upload-offset': '4' }, 'offset_mismatch', 409),
  patching(
    'the last offset there is',
    { 'upload-offset': '9007199254740991' },
    'offset_mismatch',
    409,
  ),
  ...[null, '', 'text/plain', '*/*', 'application/offset', 'application/offset+octet-streams'].map(
    (type) =>
      patching(`content-type ${type}`, { 'content-type': type }, 'unsupported_media_type', 415),
  ),
  ...['', '1', '1.0', '1.0.0.0', 'v1.0.0', '0.0.1', '2.0.0', '\u00ff', 'x'.repeat(2_000)].map(
    (version) =>
      patching(
        `tus-resumable "${version.slice(0, 20)}"`,
        { 'tus-resumable': version },
        'unsupported_version',
        412,
      ),
  ),
  creating('neither length nor its deferral', {}),
  creating('both length and its deferral', { ...SIZED, 'upload-defer-length': '1' }),
  ...['', '0', '2', '11', '-1', 'yes', '1,1', '1.0'].map((text) =>
    creating(`upload-defer-length "${text}"`, { 'upload-defer-length': text }),
  ),
  ...[
    'a,a',
    'a eA==,a',
    'a  eA==',
    'a b c',
    'a !',
    'a =',
    'a ====',
    'a eA=',
    'a eA===',
    'a e',
    'a eA==eA==',
    'a\teA==',
    'a eA-_',
    'a "eA=="',
    'a \u00ff',
    '__proto__,__proto__',
  ].map((text) => creating(`upload-metadata "${text}"`, { ...SIZED, 'upload-metadata': text })),
  ...['', 'Partial', 'parts', 'final', 'final;', 'final; ', 'final ;x', 'partial;final'].map(
    (text) => creating(`upload-concat "${text}"`, { ...SIZED, 'upload-concat': text }),
  ),
  ...[
    '',
    'sha1',
    'sha1 ',
    'sha1,eA==',
    'sha1 !',
    'sha1 eA== eA==',
    ' eA==',
    'SHA1 eA==',
    '__proto__ eA==',
  ].map((text) => patching(`upload-checksum "${text}"`, { 'upload-checksum': text })),
  ...['rot13', 'constructor', 'sha', 'sha-1', 'sha1x', 'to/string'].map((name) =>
    patching(
      `a checksum by ${name}`,
      { 'upload-checksum': `${name} eA==` },
      'unsupported_checksum',
    ),
  ),
  ...['FETCH', 'PAT CH', 'PATCH, PATCH', '__proto__', 'GET\u00ff', 'x'.repeat(2_000)].map(
    (method) =>
      patching(
        `x-http-method-override "${method.slice(0, 20)}"`,
        { 'x-http-method-override': method },
        'unsupported_method',
        405,
      ),
  ),
]

/** Bodies that cannot be taken in. */
export const badBodies: readonly BadRequest[] = [
  { ...patching('more bytes than fit', {}, 'too_large', 413), body: 'lo!' },
  { ...creating('more bytes than fit', bytes(SIZED), 'too_large', 413), body: 'hello!' },
  {
    ...creating('a body of JSON', { ...SIZED, 'content-type': 'application/json' }),
    body: '{}',
    status: 415,
    code: 'unsupported_media_type',
  },
  {
    ...creating('a body of no type', SIZED, 'unsupported_media_type', 415),
    body: 'hello',
  },
  {
    ...creating(
      'bytes that do not match their checksum',
      bytes({ ...SIZED, 'upload-checksum': 'sha1 eA==' }),
    ),
    body: 'hello',
    status: 460,
    code: 'checksum_mismatch',
  },
]

function bytes(fields: Fields): Fields {
  return { ...fields, 'content-type': 'application/offset+octet-stream' }
}
