import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { Upload } from 'tus-js-client'
import { run, scratch } from './support/server-process.ts'

it.each(['ietf-draft-03', 'ietf-draft-05'] as const)(
  'tus-js-client uploads in parts, and resumes, in its mode %s',
  async (protocol) => {
    const content = randomBytes(300_000)
    const endpoint = await run([await scratch(), '--port', '0']).url()
    const options = { endpoint, protocol, chunkSize: 100_000, metadata: { filename: 'a.bin' } }

    const uploadUrl = await new Promise<string>((resolve, reject) => {
      const begun = new Upload(content, {
        ...options,
        onError: reject,
        onChunkComplete() {
          void begun.abort().then(() => resolve(begun.url ?? ''), reject)
        },
      })
      begun.start()
    })
    await new Promise<void>((resolve, reject) => {
      const resumed = new Upload(content, {
        ...options,
        uploadUrl,
        onError: reject,
        onSuccess: () => resolve(),
      })
      resumed.start()
    })

    const ended = await fetch(uploadUrl, { method: 'HEAD' })
    expect(ended.headers.get('upload-complete')).toBe('?1')
    expect(Buffer.from(await (await fetch(uploadUrl)).arrayBuffer()).equals(content)).toBe(true)
  },
)
