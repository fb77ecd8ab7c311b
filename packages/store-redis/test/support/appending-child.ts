// Run as a process of its own, to be stopped or killed: appends to an upload and tells each progress.
import { connectTo } from './open-store.ts'
import { redisStore } from '../../src/store/redis-store.ts'
import { numbered } from './uploads.ts'

const [url = '', prefix = '', token = ''] = process.argv.slice(2)
const { client } = await connectTo({ url })
const store = redisStore({ client, prefix })
const start = (await store.find('u1'))?.offset ?? 0

async function* body(): AsyncGenerator<Uint8Array> {
  for (let at = start; ; at += 8_000) {
    yield numbered(at, 8_000)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

try {
  await store.append('u1', start, body(), {
    token: Number(token),
    onProgress: (offset) => process.send?.({ offset }),
  })
} catch (error) {
  process.send?.({ code: (error as { code?: string }).code ?? String(error) }, () =>
    process.exit(0),
  )
}
