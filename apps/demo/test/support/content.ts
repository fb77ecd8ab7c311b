import type { Demo } from './demo-process.ts'
import { SIGNED_IN } from './demo-process.ts'
import { listenTo } from './event-stream.ts'

const COMMON = { ...SIGNED_IN, 'tus-resumable': '1.0.0' }
const BYTES = { ...COMMON, 'content-type': 'application/offset+octet-stream' }

/** A file to upload without the page. */
export interface SentFile {
  readonly name: string
  readonly bytes: string | Uint8Array
  readonly mediaType?: string
}

/** Creates a folder with this id in the folder at the path `parent`, such as `/a%20folder`. */
export async function addFolder(demo: Demo, parent: string, id: string): Promise<void> {
  const headers = { ...SIGNED_IN, 'content-type': 'application/json' }
  const body = JSON.stringify({ '@type': 'Folder', id, title: id })
  await ask(`${demo.url}/content${parent}`, { method: 'POST', headers, body }, [201])
}

/** Begins an upload, and resolves to the function that completes it. */
export async function beginUpload(
  demo: Demo,
  path: string,
  { name, bytes, mediaType = 'text/plain' }: SentFile,
): Promise<() => Promise<void>> {
  const headers = {
    ...COMMON,
    'upload-length': String(bytes.length),
    'upload-metadata': `filename ${btoa(name)},filetype ${btoa(mediaType)}`,
  }
  const created = await ask(`${demo.url}/content${path}`, { method: 'POST', headers }, [201])
  const url = new URL(created.headers.get('location') ?? '', demo.url)
  return async () => {
    const fields = { ...BYTES, 'upload-offset': '0' }
    await ask(
      url,
      { method: 'PATCH', headers: fields, body: Uint8Array.from(Buffer.from(bytes)) },
      [204],
    )
  }
}

/** Uploads a file into the folder at `path`. */
export async function addFile(demo: Demo, path: string, file: SentFile): Promise<void> {
  const complete = await beginUpload(demo, `${path}/@tus-upload`, file)
  await complete()
}

/** Removes all content and all unfinished uploads. */
export async function clear(demo: Demo): Promise<void> {
  // An object that has disappeared meanwhile is fine.
  const remove = (path: string): Promise<unknown> =>
    ask(new URL(path, demo.url), { method: 'DELETE', headers: COMMON }, [204, 404, 410])
  const stream = await listenTo(`${demo.url}/uploads/events`, SIGNED_IN)
  const uploads = (await stream.next())?.data as readonly { readonly url: string }[]
  stream.close()
  for (const { url } of uploads) await remove(url)

  const answer = await ask(`${demo.url}/content`, { headers: SIGNED_IN }, [200])
  const { items } = (await answer.json()) as { items: readonly { readonly '@id': string }[] }
  for (const item of items) await remove(item['@id'])
}

async function ask(
  url: string | URL,
  request: RequestInit,
  expected: readonly number[],
): Promise<Response> {
  const answer = await fetch(url, request)
  if (expected.includes(answer.status)) return answer
  throw new Error(`${request.method} ${String(url)}: ${answer.status} ${await answer.text()}`)
}
