// Tests run this as a process and kill it. It appends to an upload and reports each commit.
import { fileLocker, fsStore } from '../../src/index.ts'

const [directory = '', id = '', mode = 'append'] = process.argv.slice(2)
const store = fsStore({ directory })
const locker = fileLocker({ directory, leaseTtl: 1_500 })
const found = await store.find(id)
const start = found?.offset ?? 0

/** Each byte depends on its position in the upload. */
async function* pieces(): AsyncGenerator<Uint8Array> {
  for (let at = start; ; at += 8_000) {
    yield Uint8Array.from({ length: 8_000 }, (_, index) => (at + index) % 251)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

/** The same bytes, as fast as a local client sends them. Reports how many were handed over. */
async function* fastPieces(): AsyncGenerator<Uint8Array> {
  const size = 65_536
  const pattern = Uint8Array.from({ length: size + 251 }, (_, index) => index % 251)
  for (let at = start; ; at += size) {
    yield pattern.slice(at % 251, (at % 251) + size)
    process.send?.({ sent: at + size })
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

if (mode === 'fast alone') {
  process.send?.({ token: 0 })
  await store.append(id, start, fastPieces(), { token: null })
}

const request = { ask: 'yield', signal: new AbortController().signal } as const
const working = locker.withLease(id, request, async ({ token }) => {
  process.send?.({ token })
  if (mode === 'hold') {
    await new Promise(() => setInterval(() => {}, 1_000))
  } else if (mode === 'fast') {
    await store.append(id, start, fastPieces(), { token })
  } else if (mode === 'verify') {
    await store.appendVerified(id, start, pieces(), { token, verify: () => Promise.resolve(true) })
  } else {
    await store.append(id, start, pieces(), {
      token,
      onProgress: (offset) => process.send?.({ offset }),
    })
  }
})

// After a lost lease this process has nothing more to do.
await working.catch(() => process.exit(1))
