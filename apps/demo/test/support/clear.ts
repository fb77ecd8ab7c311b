import type { Demo } from './demo-process.ts'
import { SIGNED_IN } from './demo-process.ts'
import { listenTo } from './event-stream.ts'

const COMMON = { ...SIGNED_IN, 'tus-resumable': '1.0.0' }

/** Removes all content and all unfinished uploads of a demo. */
export async function clear({ url }: Demo): Promise<void> {
  const origin = new URL(url).origin
  const remove = async (path: string): Promise<void> => {
    const { status } = await fetch(new URL(path, origin), { method: 'DELETE', headers: COMMON })
    // What is gone by itself is as good.
    if (![204, 404, 410].includes(status)) throw new Error(`DELETE ${path}: ${status}`)
  }
  const stream = await listenTo(`${url}/uploads/events`, SIGNED_IN)
  const uploads = (await stream.next())?.data as readonly { readonly url: string }[]
  stream.close()
  for (const upload of uploads) await remove(upload.url)

  const answer = await fetch(`${url}/content`, { headers: SIGNED_IN })
  const { items } = (await answer.json()) as { items: readonly { readonly '@id': string }[] }
  for (const item of items) await remove(item['@id'])
}
