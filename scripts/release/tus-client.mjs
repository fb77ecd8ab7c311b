// The least of a tus client.
const TUS = { 'tus-resumable': '1.0.0' }
const BYTES = { 'content-type': 'application/offset+octet-stream' }

/** Sends half of the bytes with one request, and the rest from where the server says it is. */
export async function upload(endpoint, bytes) {
  const headers = { ...TUS, 'upload-length': String(bytes.length) }
  const created = await fetch(endpoint, { method: 'POST', headers })
  if (created.status !== 201) throw new Error(`POST: ${created.status} ${await created.text()}`)
  const location = new URL(created.headers.get('location'), endpoint)
  await append(location, bytes.subarray(0, bytes.length / 2), 0)
  const found = await fetch(location, { method: 'HEAD', headers: TUS })
  const offset = Number(found.headers.get('upload-offset'))
  const end = await append(location, bytes.subarray(offset), offset)
  if (end !== bytes.length) throw new Error(`the upload ended at ${end}`)
  return location.pathname.split('/').at(-1)
}

async function append(location, body, offset) {
  const headers = { ...TUS, ...BYTES, 'upload-offset': String(offset) }
  const answer = await fetch(location, { method: 'PATCH', headers, body })
  if (answer.status !== 204) throw new Error(`PATCH: ${answer.status} ${await answer.text()}`)
  return Number(answer.headers.get('upload-offset'))
}
