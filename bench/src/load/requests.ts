/** Path under which every server takes uploads. */
const PATH = '/files'

const LINES = 'Host: 127.0.0.1\r\nTus-Resumable: 1.0.0\r\n'
const TYPE = 'Content-Type: application/offset+octet-stream\r\n'

/** Values of further fields, by name. */
export type Fields = Readonly<Record<string, string | number>>

let named = 0

/** A file name that no other request has: there are servers that know an upload by its metadata. */
function metadata(): Fields {
  const name = Buffer.from(`f${String((named += 1)).padStart(8, '0')}`).toString('base64')
  return { 'Upload-Metadata': `filename ${name}` }
}

/** The head of a request that creates an upload of `length` bytes, without a body. */
export function creation(length: number, fields: Fields = {}): Buffer {
  const lengths = { 'Upload-Length': length, 'Content-Length': 0 }
  return head('POST', PATH, { ...lengths, ...metadata(), ...fields })
}

/** A whole request that creates an upload and brings all of its bytes. */
export function creationWithUpload(body: Uint8Array): Buffer {
  const { byteLength } = body
  const fields = { 'Upload-Length': byteLength, 'Content-Length': byteLength, ...metadata() }
  return Buffer.concat([head('POST', PATH, fields, TYPE), body])
}

/** The head of a request that appends `length` bytes. */
export function patch(path: string, offset: number, length: number, fields: Fields = {}): Buffer {
  const lengths = { 'Upload-Offset': offset, 'Content-Length': length }
  return head('PATCH', path, { ...lengths, ...fields }, TYPE)
}

/** A request for the offset. */
export function lookUp(path: string): Buffer {
  return head('HEAD', path, {})
}

/** A request for the bytes, or for those of a range. */
export function download(path: string, range?: readonly [first: number, last: number]): Buffer {
  return head('GET', path, range === undefined ? {} : { Range: `bytes=${range[0]}-${range[1]}` })
}

/** A request that joins partial uploads. */
export function joining(paths: readonly string[]): Buffer {
  return head('POST', PATH, { 'Upload-Concat': `final;${paths.join(' ')}`, 'Content-Length': 0 })
}

function head(method: string, path: string, fields: Fields, more = ''): Buffer {
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${LINES}${more}${lines.join('')}\r\n`, 'latin1')
}
