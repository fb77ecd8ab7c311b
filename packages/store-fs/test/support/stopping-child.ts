// Tests run this as a process. It appends to an upload, and stops itself between a check and the call
// that relies on this check.
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const [directory = '', id = '', place = ''] = process.argv.slice(2)

type Open = (path: string, flags: number, ...more: never[]) => unknown

function stopBefore<Call extends (...args: never[]) => unknown>(
  call: Call,
  when: (...args: Parameters<Call>) => boolean,
): Call {
  let stopped = false
  const stopping = (...args: Parameters<Call>): unknown => {
    if (!stopped && when(...args)) {
      stopped = true
      process.kill(process.pid, 'SIGSTOP')
    }
    return call(...args)
  }
  return stopping as Call
}

const isNext = (path: unknown): boolean => typeof path === 'string' && path.includes('~next-')
const isText = (line: unknown, text: string): boolean =>
  line instanceof Uint8Array && Buffer.from(line).includes(text)

const { constants, writevSync, promises } = fs
const open: Open = fs.openSync
if (place === 'bytes') {
  // Record lines are appended. Bytes of an upload are written at a position.
  fs.writevSync = stopBefore(writevSync, (_file, _chunks, position) => (position ?? 0) > 20_000)
}
if (place === 'new record') {
  promises.writeFile = stopBefore(promises.writeFile, (path) => isNext(path))
}
if (place === 'line') {
  fs.writevSync = stopBefore(writevSync, (_file, [line]) => isText(line, '"next"'))
}
if (place === 'claim') {
  // The first line that it adds.
  const isAdded = (_path: string, flags: number): boolean => (flags & constants.O_APPEND) > 0
  Object.assign(fs, { openSync: stopBefore(open, isAdded) })
}
if (place === 'bytes elsewhere') {
  fs.writevSync = stopBefore(writevSync, (_file, [line]) => isText(line, '"data"'))
}
if (place === 'copy') {
  promises.copyFile = stopBefore(promises.copyFile, () => true)
}
if (place === 'old bytes') {
  promises.rm = stopBefore(promises.rm, (path) => String(path).endsWith(`/${id}`))
}
if (place === 'name') {
  promises.rename = stopBefore(promises.rename, (from) => isNext(from))
}
syncBuiltinESMExports()

const { fileLocker, fsStore } = await import('../../src/index.ts')
const store = fsStore({ directory })
const locker = fileLocker({ directory, leaseTtl: 1_500 })

async function* pieces(): AsyncGenerator<Uint8Array> {
  for (;;) {
    yield Buffer.alloc(40_000, 'x')
    await new Promise((resolve) => setTimeout(resolve, 300))
    await store.find(id)
  }
}

const request = { ask: 'yield', signal: new AbortController().signal } as const
await locker
  .withLease(id, request, async ({ token }) => {
    const { offset = 0 } = (await store.find(id)) ?? {}
    await store.append(id, offset, pieces(), { token })
  })
  .catch(() => process.exit(1))
