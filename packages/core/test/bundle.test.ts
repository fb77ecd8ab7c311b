import { build } from 'esbuild'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const ENTRY = join(import.meta.dirname, '../src/index.ts')
const TUS_TYPE = 'application/offset+octet-stream'
const DRAFT_TYPE = 'application/partial-upload'

it.each([
  ['tus', TUS_TYPE, DRAFT_TYPE],
  ['resumableUpload', DRAFT_TYPE, TUS_TYPE],
])(
  'a bundle of createUploadServerWith and %s contains the media type of that protocol alone',
  async (protocol, kept, leftOut) => {
    const bundle = await bundleOf(protocol)
    expect(bundle.includes(kept)).toBe(true)
    expect(bundle.includes(leftOut)).toBe(false)
  },
)

async function bundleOf(protocol: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { createUploadServerWith, ${protocol} } from ${JSON.stringify(ENTRY)}
        console.log(createUploadServerWith({ protocols: [${protocol}()] }))`,
      resolveDir: import.meta.dirname,
    },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    minify: true,
    logLevel: 'silent',
  })
  return outputFiles.map(({ text }) => text).join('')
}
