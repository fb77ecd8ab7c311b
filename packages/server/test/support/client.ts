import * as tus from 'tus-js-client'

const TUS = { 'tus-resumable': '1.0.0' }

/** Creates an upload and returns its URL. */
export async function create(
  endpoint: string,
  length: number,
  name: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  const filename = Buffer.from(name).toString('base64')
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      ...TUS,
      ...headers,
      'upload-length': String(length),
      'upload-metadata': `filename ${filename}`,
    },
  })
  if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`)
  return new URL(response.headers.get('location') ?? '', endpoint).href
}

/** Appends bytes at an offset, and returns the acknowledged offset. */
export async function append(
  url: string,
  offset: number,
  body: Uint8Array<ArrayBuffer>,
): Promise<number> {
  const type = { 'content-type': 'application/offset+octet-stream' }
  const headers = { ...TUS, ...type, 'upload-offset': String(offset) }
  const response = await fetch(url, { method: 'PATCH', headers, body })
  if (response.status !== 204) throw new Error(`${response.status} ${await response.text()}`)
  return Number(response.headers.get('upload-offset'))
}

/** Uploads with tus-js-client, which retries after each failure. Returns the upload's URL. */
export function uploadWithRetries(
  endpoint: string,
  bytes: Buffer,
  options: { readonly name: string; readonly onAccepted?: (offset: number) => void },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const upload = new tus.Upload(bytes, {
      endpoint,
      metadata: { filename: options.name },
      retryDelays: Array.from({ length: 60 }, (_, attempt) => Math.min(attempt * 50, 1_000)),
      ...(options.onAccepted && {
        chunkSize: 2 ** 20,
        onChunkComplete: (_size, accepted) => options.onAccepted?.(accepted),
      }),
      onError: reject,
      onSuccess: () => resolve(upload.url ?? ''),
    })
    upload.start()
  })
}
